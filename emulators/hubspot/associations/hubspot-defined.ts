/** One association type that every account has, with the id of the other direction. */
export interface HubspotDefined {
  readonly from: string;
  readonly to: string;
  readonly typeId: number;
  readonly inverseTypeId: number;
  /** Labels as seen from `from` and from `to`; unlabelled where absent. */
  readonly labels?: readonly [forward: string, backward: string];
  /** What the legacy API calls both directions, where it is not made of the objects' names. */
  readonly names?: readonly [forward: string, backward: string];
  readonly isPrimary?: true;
}

const [CONTACT, COMPANY, DEAL, TICKET, LINE_ITEM, QUOTE] = ['0-1', '0-2', '0-3', '0-5', '0-8', '0-14'];
const [COMMUNICATION, FEEDBACK, TASK, NOTE] = ['0-18', '0-19', '0-27', '0-46'];
const [MEETING, CALL, EMAIL, POSTAL_MAIL] = ['0-47', '0-48', '0-49', '0-116'];

type Row = readonly [from: string, to: string, typeId: number, inverseTypeId: number];

// developers.hubspot.com, associations v4 guide (2026-04), and the enum AssociationTypes of HubSpot's client 13.5.
const UNLABELLED: readonly Row[] = [
  [CONTACT, COMPANY, 279, 280],
  [CONTACT, CONTACT, 449, 449],
  [CONTACT, TICKET, 15, 16],
  [COMPANY, COMPANY, 450, 450],
  [DEAL, CONTACT, 3, 4],
  [DEAL, COMPANY, 341, 342],
  [DEAL, DEAL, 451, 451],
  [DEAL, TICKET, 27, 28],
  [DEAL, LINE_ITEM, 19, 20],
  [DEAL, QUOTE, 63, 64],
  [TICKET, COMPANY, 339, 340],
  [TICKET, TICKET, 452, 452],
  [QUOTE, LINE_ITEM, 67, 68],
  [QUOTE, CONTACT, 69, 70],
  [QUOTE, COMPANY, 71, 72],
  [COMMUNICATION, CONTACT, 81, 82],
  [COMMUNICATION, TICKET, 83, 84],
  [COMMUNICATION, DEAL, 85, 86],
  [COMMUNICATION, COMPANY, 87, 88],
  [CONTACT, FEEDBACK, 97, 98],
  [TICKET, FEEDBACK, 99, 100],
  [CALL, COMPANY, 182, 181],
  [CALL, CONTACT, 194, 193],
  [CALL, DEAL, 206, 205],
  [CALL, TICKET, 220, 219],
  [CALL, MEETING, 399, 400],
  [EMAIL, COMPANY, 186, 185],
  [EMAIL, CONTACT, 198, 197],
  [EMAIL, DEAL, 210, 209],
  [EMAIL, TICKET, 224, 223],
  [MEETING, COMPANY, 188, 187],
  [MEETING, CONTACT, 200, 199],
  [MEETING, DEAL, 212, 211],
  [MEETING, TICKET, 226, 225],
  [NOTE, COMPANY, 190, 189],
  [NOTE, CONTACT, 202, 201],
  [NOTE, DEAL, 214, 213],
  [NOTE, TICKET, 228, 227],
  [TASK, COMPANY, 192, 191],
  [TASK, CONTACT, 204, 203],
  [TASK, DEAL, 216, 215],
  [TASK, TICKET, 230, 229],
  [TASK, QUOTE, 218, 217],
  [POSTAL_MAIL, CONTACT, 453, 454],
  [POSTAL_MAIL, TICKET, 455, 456],
  [POSTAL_MAIL, DEAL, 457, 458],
  [POSTAL_MAIL, COMPANY, 459, 460],
];

/** The texts of these labels are those of HubSpot's pages; the ids are documented. */
const LABELLED: readonly HubspotDefined[] = [
  primary(CONTACT, 1, 2),
  primary(DEAL, 5, 6),
  primary(TICKET, 26, 25),
  {
    from: COMPANY,
    to: COMPANY,
    typeId: 13,
    inverseTypeId: 14,
    labels: ['Child Company', 'Parent Company'],
    names: ['parent_to_child_company', 'child_to_parent_company'],
  },
];

function primary(from: string, typeId: number, inverseTypeId: number): HubspotDefined {
  return { from, to: COMPANY, typeId, inverseTypeId, labels: ['Primary', 'Primary'], isPrimary: true };
}

export const HUBSPOT_DEFINED: readonly HubspotDefined[] = [
  ...UNLABELLED.map(([from, to, typeId, inverseTypeId]) => ({ from, to, typeId, inverseTypeId })),
  ...LABELLED,
];

/** What custom objects are associated with from the start, whatever their schema says: the activities. */
export const ACTIVITY_TYPES: readonly string[] = [TASK, NOTE, MEETING, CALL, EMAIL];
