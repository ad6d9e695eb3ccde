import {awsReasons} from '../aws-reasons.ts';

/** Every reason that a PublicRepository can show. */
export const reasons: Readonly<Record<string, string>> = {
  InSync: 'The repository is as the spec says.',
  Drifted: 'driftPolicy is Report, and the repository differs from the spec; the message says where. Change AWS or the spec.',
  Retained: 'The object is gone and the repository stays, as deletionPolicy says.',
  Deleted: 'The repository is gone.',
  RepositoryNotOwned:
    'A repository of this name exists and belongs to someone else (or nobody). Nothing is touched. Choose another name, or set adoptionPolicy: Adopt.',
  RepositoryNotEmpty: 'deletionPolicy is DeleteIfEmpty, and there are images. Delete them, or choose Retain or Delete.',
  RepositoryAlreadyExists: 'A repository of this name appeared while it was being created. It is looked at again.',
  RepositoryNotVisible: 'AWS says that the repository exists, and does not show it yet. It is looked at again.',
  LogoWouldBeLost:
    'The catalogue is to be changed, and has a logo that was not set from the spec. AWS replaces the catalogue as a whole and does not give the logo back, so the catalogue is left alone. Put the logo into catalogData.logoImageBlob.',
  InvalidRepositoryPolicy: 'policyText is not a JSON object; the message says where it breaks.',
  NamespaceNotAllowed:
    'The Registry does not allow this namespace. Ask its owner to change allowedNamespaces or the labels of the namespace.',
  PartitionWithoutEcrPublic: 'The account is in an AWS partition that has no ECR Public, such as China or GovCloud.',
  AdoptionNotAllowed:
    'The Registry does not let the namespace take over what exists. Ask its owner to change adoptionNamespaces or the labels of the namespace.',
  ...awsReasons,
  RegistryMoved: 'The Registry is now another account than the repository is in.',
};
