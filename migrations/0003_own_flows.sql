-- Flows of one's own: an action with a mapping instead of a preset; and conditions, which narrow flows of both kinds.

alter table flows
  alter column preset drop not null,
  -- `<connector>/<action>`, for a flow without a preset.
  add column action text,
  -- Which events it is for (src/mapping/conditions).
  add column condition jsonb,
  -- What makes the action's input of an event (src/mapping/mapping.ts).
  add column mapping jsonb,
  add constraint flows_preset_or_action check (
    (preset is null) <> (action is null) and (mapping is null) = (action is null));
