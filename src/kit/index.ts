/** All that a connector may import besides `kernel`, `zod` and its own folder. */
export { defineAction } from './action.ts';
export type { Action, AnyAction, BatchRule, DeliverContext, Item } from './action.ts';
export type {
  Auth,
  AuthorizationCode,
  ClientCredentials,
  Grant,
  QueryAuth,
  SignedAuth,
  UnsignedRequest,
} from './auth.ts';
export type { ConnectionCache } from './cache.ts';
export { alone, claim, send } from './call.ts';
export type { Call, CallResponse, Claim, Claimed, Step, StepAnswer, Steps } from './call.ts';
export { defineConnector } from './connector.ts';
export type { AnyConnector, Check, CheckLine, Connector, SourceRole } from './connector.ts';
export { classifyFailure, retryAfterMs, stringField } from './failures.ts';
export type { DescribeFailure, FailureRule, FailureVerdict } from './failures.ts';
export type { FlowUse } from './flow-use.ts';
export { hmac } from './hmac.ts';
export { isSha256Hex, md5Hex, normaliseEmail, sha256Hex, toE164 } from './identifiers.ts';
export { politeLimit } from './limits.ts';
export { given } from './given.ts';
export type { Limit, LimitReading } from './limits.ts';
export { definePreset } from './preset.ts';
export type { AnyPreset, Mapped, Preset, When } from './preset.ts';
export { isPrivateLiteral, isPublicAddress } from './public-address.ts';
export { secret, secretFields, secretsByName } from './secret.ts';
export { unknownFields } from './unknown-fields.ts';
export { isHmacSha256 } from './webhooks.ts';
export type { ChangedRecord, Notice, WebhookRequest, Webhooks } from './webhooks.ts';
export type { ImportedFlow, ImportedFlows, ImportRemark, ImportSegment } from './segment-import.ts';
