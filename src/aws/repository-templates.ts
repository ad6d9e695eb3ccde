/** Repository creation templates. */
export interface RepositoryTemplates {}
