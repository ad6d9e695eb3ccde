/** Pull-through cache rules. */
export interface PullThroughCacheRules {}
