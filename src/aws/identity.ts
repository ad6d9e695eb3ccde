/** The operator's AWS identity, as STS gives it. */
export interface Identity {
  readonly accountId: string;
  readonly arn: string;
  readonly region: string;
}
