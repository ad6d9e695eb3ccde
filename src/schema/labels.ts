/** On every object that the operator creates: it keeps these, and touches no others. */
export const managedByLabel = 'app.kubernetes.io/managed-by';
export const managedBy = 'drayage';
export const managedSelector = `${managedByLabel}=${managedBy}`;
