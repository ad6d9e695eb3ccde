import type {Gauge} from '../kinds/kind.ts';
import {conditionsIn} from './status.ts';

/**
 * The conditions that someone may want to be woken for: `Ready` while it is not True, and `Stalled`. An object that is as it
 * should be has no series, so that twenty thousand of them cost nothing; `drayage_outcome` counts those.
 */
export const conditionGauge: Gauge<'condition' | 'status' | 'reason'> = {
  name: 'drayage_status_condition',
  help: '1 for Ready while it is False or Unknown, and for Stalled while it is True; objects that are ready have no series',
  labels: ['condition', 'status', 'reason'],
  samples: (object) =>
    conditionsIn(object)
      .filter(({type, status}) => (type === 'Ready' && status !== 'True') || (type === 'Stalled' && status === 'True'))
      .map(({type, status, reason}) => ({labels: {condition: type, status, reason}, value: 1})),
};
