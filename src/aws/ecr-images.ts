/** What is in a repository, and what ECR knows of it. */
export interface EcrImages {}
