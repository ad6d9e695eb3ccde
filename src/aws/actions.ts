/** Every AWS action that the operator calls: its IAM policy, and nothing wider. */
export const actions = ['ecr:GetAuthorizationToken', 'sts:GetCallerIdentity'] as const;
