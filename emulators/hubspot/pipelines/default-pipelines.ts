import { COMPANIES, CONTACTS, DEALS, TICKETS } from '../objects/object-types.ts';
import type { Pipeline, Stage } from './pipeline.ts';

// Recorded: what HubSpot made itself carries the beginning of time.
const MADE_AT = 0;

type StageRow = readonly [id: string, label: string, metadata: Readonly<Record<string, string>>];

const deal = (id: string, label: string, probability: string, isClosed = false): StageRow => [
  id,
  label,
  { isClosed: String(isClosed), probability },
];

const ticket = (id: string, label: string, ticketState = 'OPEN'): StageRow => [
  id,
  label,
  { ticketState, isClosed: String(ticketState === 'CLOSED') },
];

// The stages that a new account has; its pages show the order in which a record moves.
const LIFECYCLE: readonly StageRow[] = [
  ['subscriber', 'Subscriber', {}],
  ['lead', 'Lead', {}],
  ['marketingqualifiedlead', 'Marketing Qualified Lead', {}],
  ['salesqualifiedlead', 'Sales Qualified Lead', {}],
  ['opportunity', 'Opportunity', {}],
  ['customer', 'Customer', {}],
  ['evangelist', 'Evangelist', {}],
  ['other', 'Other', {}],
];

/** The pipelines that every account has; other objects begin without (none is recorded for them). */
export function defaultPipelines(): Map<string, Pipeline[]> {
  return new Map([
    [
      DEALS,
      [
        make('default', 'Sales Pipeline', [
          deal('appointmentscheduled', 'Appointment Scheduled', '0.2'),
          deal('qualifiedtobuy', 'Qualified To Buy', '0.4'),
          deal('presentationscheduled', 'Presentation Scheduled', '0.6'),
          deal('decisionmakerboughtin', 'Decision Maker Bought-In', '0.8'),
          deal('contractsent', 'Contract Sent', '0.9'),
          deal('closedwon', 'Closed Won', '1.0', true),
          deal('closedlost', 'Closed Lost', '0.0', true),
        ]),
      ],
    ],
    [
      TICKETS,
      [
        make('0', 'Support Pipeline', [
          ticket('1', 'New'),
          ticket('2', 'Waiting on contact'),
          ticket('3', 'Waiting on us'),
          ticket('4', 'Closed', 'CLOSED'),
        ]),
      ],
    ],
    [CONTACTS, [make('contacts-lifecycle-pipeline', 'Lifecycle Stage Pipeline', LIFECYCLE)]],
    [COMPANIES, [make('companies-lifecycle-pipeline', 'Lifecycle Stage Pipeline', LIFECYCLE)]],
  ]);
}

function make(id: string, label: string, rows: readonly StageRow[]): Pipeline {
  const stages = rows.map(([stageId, stageLabel, metadata], displayOrder): Stage => {
    return {
      id: stageId,
      pipelineId: id,
      label: stageLabel,
      metadata,
      displayOrder,
      createdAt: MADE_AT,
      updatedAt: MADE_AT,
    };
  });
  return { id, label, displayOrder: 0, stages, createdAt: MADE_AT, updatedAt: MADE_AT };
}
