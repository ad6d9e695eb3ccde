import * as z from 'zod';
import type {Definition} from '../../schema/definition.ts';
import {taskDefinitions} from '../../schema/types.ts';
import {NoteStatus, notesShown} from '../../translate/note-schema.ts';

/** RegisterTaskDefinition's JSON, kept as it was pasted: it is read by translate/normalize.ts, not here. */
export const TaskDefinitionSpec = z
  .looseObject({
    service: z
      .looseObject({})
      .describe(
        "CreateService's input. Where it is given the task definition runs: a Service of the same name is kept that has these fields, and taskDefinition unless they name one. Default: none, and nothing runs until a Service names the family.",
      )
      .optional(),
  })
  .describe(
    'The input of RegisterTaskDefinition (family, containerDefinitions, cpu, memory, networkMode, ...), or what describe-task-definition prints, as it is. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html',
  );

export type TaskDefinitionSpec = z.infer<typeof TaskDefinitionSpec>;

export const TaskDefinitionStatus = z.object({
  family: z.string().max(255).describe('The family, as ECS spells it.').optional(),
  revision: z.int().min(1).describe('The revision that equals the spec.').optional(),
  latestRevision: z.int().min(1).describe('The highest number that was given to a revision; none is given twice.').optional(),
  taskDefinition: z.string().max(300).describe('family:revision, as a Service may name it.').optional(),
  noteCount: z.int().min(0).describe('How many notes there are.').optional(),
  notes: z.array(NoteStatus).max(notesShown).describe(`What could not be carried over as it stands; the first ${notesShown}.`).optional(),
});

export type TaskDefinitionStatus = z.infer<typeof TaskDefinitionStatus>;

export const definition = {
  ...taskDefinitions,
  singular: 'taskdefinition',
  shortNames: ['taskdef', 'td'],
  description: 'An ECS task definition: each change of it is a revision, which a Service runs.',
  spec: TaskDefinitionSpec,
  status: TaskDefinitionStatus,
  columns: [
    {name: 'Family', type: 'string', jsonPath: '.status.family', description: 'The family, as ECS spells it.'},
    {name: 'Revision', type: 'integer', jsonPath: '.status.revision', description: 'The revision that equals the spec.'},
    {name: 'Notes', type: 'integer', jsonPath: '.status.noteCount', description: 'What could not be carried over as it stands.'},
  ],
  reasons: {
    Registered: 'The revision is kept. Nothing runs until a Service names the family.',
    ServiceReady: 'The revision is kept, and the Service of the same name runs it.',
    ServiceNotReady: 'The revision is kept; the Service of the same name is not ready. Its own conditions say why.',
    Registering: 'A revision or the Service is being written.',
    InvalidTaskDefinition: 'ECS would refuse the definition, or it has placeholders in it. Change the fields that the message names.',
    NotTranslatable: 'The revision is kept, but it has fields that cannot be carried to Kubernetes. Change those that the message names.',
    RoleNotAllowed:
      'The revision is kept, but the Cluster does not allow its role in this namespace. Whoever keeps it can add it to spec.allowedRoles.',
    FamilyTaken: 'Another TaskDefinition of the namespace has this family. Give one of them another family, or delete it.',
    ServiceNotOwned: 'A Service of the same name exists that this object did not make. Delete it, or remove spec.service.',
    Translated: 'Every field is honoured, approximated or ignored; status.notes has those that are not honoured.',
    Deleting: 'Kubernetes removes the revisions and the Service together with the object.',
  },
} as const satisfies Definition<TaskDefinitionSpec>;
