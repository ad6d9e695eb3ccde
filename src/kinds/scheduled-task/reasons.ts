/** Every reason of a ScheduledTask's conditions. */
export const reasons = {
  Scheduled: 'status.nextRunTime is when a task is made next.',
  Disabled: 'spec.state is DISABLED: no task is made. What was due meanwhile is not made up for.',
  Completed: 'No further time is due: the expression has none left, or endDate is over.',
  InvalidSchedule:
    'scheduleExpression or scheduleExpressionTimezone is not what EventBridge Scheduler takes. Change what the message names.',
  InvalidTarget: 'target is no input of RunTask. Change the field that the message names.',
  TaskNotOwned: 'A Task of that name exists that this object did not make. It is left alone, and this time is not run; delete it.',
  Changed: 'The schedule was changed or enabled, and counts from now on.',
  Creating: 'A task that is due is being made, or an old one deleted.',
  Translated: 'Every field is honoured, approximated or ignored; status.notes has those that are not honoured.',
  Deleting: 'Kubernetes removes the tasks together with the object.',
} as const;
