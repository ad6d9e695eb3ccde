/** ECR Public. */
export interface EcrPublic {}
