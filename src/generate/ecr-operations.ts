/** Operations of ECR that no kind calls, and why a control plane does not need them. */
export const notForControlPlane: Readonly<Record<string, string>> = {
  'ecr:BatchCheckLayerAvailability': 'Data plane: a part of pushing an image, done by docker, containerd or crane.',
  'ecr:BatchDeleteImage':
    'No object stands for an image; images go by lifecycle policy, or with their repository (`deletionPolicy: Delete`).',
  'ecr:BatchGetImage': 'Data plane: a part of pulling an image.',
  'ecr:BatchGetRepositoryScanningConfiguration': 'It shows what follows from the registry’s scanning rules, which the Registry keeps.',
  'ecr:CompleteLayerUpload': 'Data plane: a part of pushing an image.',
  'ecr:DescribeImageReplicationStatus': 'One image’s state, for a person: no object stands for an image.',
  'ecr:DescribeImageSigningStatus': 'One image’s state: for ImagePolicy, which is not there yet.',
  'ecr:GetDownloadUrlForLayer': 'Data plane: a part of pulling an image.',
  'ecr:InitiateLayerUpload': 'Data plane: a part of pushing an image.',
  'ecr:ListImageReferrers': 'Signatures and attestations of an image: for ImagePolicy, which is not there yet.',
  'ecr:PutImage': 'Data plane: the last part of pushing an image.',
  'ecr:StartImageScan': 'A scan on demand is an act, not a state; `scanOnPush` and the registry’s scanning rules are the state.',
  'ecr:UpdateImageStorageClass': 'No object stands for an image; lifecycle rules with `action.type: transition` archive images.',
  'ecr:UploadLayerPart': 'Data plane: a part of pushing an image.',
  'ecr-public:BatchCheckLayerAvailability': 'Data plane: a part of pushing an image.',
  'ecr-public:BatchDeleteImage': 'No object stands for an image; images go with their repository (`deletionPolicy: Delete`).',
  'ecr-public:CompleteLayerUpload': 'Data plane: a part of pushing an image.',
  'ecr-public:DescribeImageTags': 'Which tags there are matters to people and to pulls, not to a repository’s settings.',
  'ecr-public:DescribeRegistries':
    'Aliases and verification of the whole account; a repository’s own `repositoryUri` has the alias that is in force.',
  'ecr-public:GetRegistryCatalogData': 'The display name of the whole account, set once by a person at its verification.',
  'ecr-public:InitiateLayerUpload': 'Data plane: a part of pushing an image.',
  'ecr-public:PutImage': 'Data plane: the last part of pushing an image.',
  'ecr-public:PutRegistryCatalogData': 'The display name of the whole account, set once by a person at its verification.',
  'ecr-public:UploadLayerPart': 'Data plane: a part of pushing an image.',
};
