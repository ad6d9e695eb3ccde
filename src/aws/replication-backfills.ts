/** Replication of images that were there before its rules. */
export interface ReplicationBackfills {}
