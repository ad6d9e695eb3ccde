/** The settings of a registry: one of each for an account and region. */
export interface RegistrySettings {}
