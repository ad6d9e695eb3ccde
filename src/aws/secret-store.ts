/** AWS Secrets Manager, as far as registry credentials need it. */
export interface SecretStore {}
