import * as z from 'zod';

const port = z.int().min(1).max(65535);
const containerName = z.string().max(255);
const ids = z.array(z.string().max(512));

export const LoadBalancer = z.looseObject({
  targetGroupArn: z.string().max(2048).optional(),
  loadBalancerName: z.string().max(255).optional(),
  containerName: containerName.optional(),
  containerPort: port.optional(),
});

export const ServiceRegistry = z.looseObject({
  registryArn: z.string().max(2048).optional(),
  port: port.optional(),
  containerName: containerName.optional(),
  containerPort: port.optional(),
});

const ClientAlias = z.looseObject({
  port,
  dnsName: z
    .string()
    .regex(/^[a-z0-9_.][a-z0-9_.-]{0,126}$/, 'must be at most 127 of a-z, 0-9, "_", "." or "-", not beginning with "-"')
    .optional(),
});

export const ServiceConnectService = z.looseObject({
  portName: z.string().max(64),
  discoveryName: z
    .string()
    .regex(/^[a-z0-9_][a-z0-9_-]{0,63}$/, 'must be at most 64 of a-z, 0-9, "_" or "-", not beginning with "-"')
    .optional(),
  clientAliases: z.array(ClientAlias).max(1).optional(),
});

export const ServiceConnect = z.looseObject({
  enabled: z.boolean(),
  namespace: z
    .string()
    .regex(/^(arn:.{1,2000}|.{1,253})$/, 'must be the name or the ARN of a namespace')
    .optional(),
  services: z.array(ServiceConnectService).max(100).optional(),
});

export const NetworkConfiguration = z.looseObject({
  awsvpcConfiguration: z
    .looseObject({
      subnets: ids.max(16).optional(),
      securityGroups: ids.max(5).optional(),
      assignPublicIp: z.enum(['ENABLED', 'DISABLED']).optional(),
    })
    .optional(),
});

export type LoadBalancer = z.infer<typeof LoadBalancer>;
export type ServiceRegistry = z.infer<typeof ServiceRegistry>;
export type ServiceConnect = z.infer<typeof ServiceConnect>;
export type ServiceConnectService = z.infer<typeof ServiceConnectService>;
export type NetworkConfiguration = z.infer<typeof NetworkConfiguration>;
