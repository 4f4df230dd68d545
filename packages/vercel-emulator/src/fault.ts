import { z } from 'zod';

const common = {
  /** How many requests it is applied to. Default 1. */
  times: z.int().min(1).optional(),
  /** Path of the requests it waits for, or `*` for any. Default: any route that generates answers. */
  path: z.string().optional(),
};
const milliseconds = z
  .number()
  .min(0)
  .max(2 ** 31 - 1);
const amount = z.int().min(0);
const limit = { afterFrames: amount.optional(), afterBytes: amount.optional() };

export const faultSchema = z.discriminatedUnion('kind', [
  /** Waits: before the headers, before the first frame (headers are sent), or before every later frame. */
  z.strictObject({
    kind: z.literal('delay'),
    at: z.enum(['headers', 'first-frame', 'between-frames']),
    ms: milliseconds,
    ...common,
  }),
  /** Ends the body cleanly after so many frames or bytes (default: no frame). No terminator is sent. */
  z.strictObject({ kind: z.literal('cut'), ...limit, ...common }),
  /** Destroys the connection after so many frames or bytes; with neither, before the headers. */
  z.strictObject({ kind: z.literal('reset'), ...limit, ...common }),
  /** Writes nothing more after so many frames or bytes (default: no frame); the connection stays open. */
  z.strictObject({ kind: z.literal('stall'), ...limit, ...common }),
  /** Frame number `frame` (from 1, default 2) is cut-off JSON, or `text` as given. Of a whole answer, the body. */
  z.strictObject({
    kind: z.literal('malformed-frame'),
    frame: z.int().min(1).optional(),
    text: z.string().optional(),
    ...common,
  }),
  /** An error under status 200, after so many frames (default 1: the role frame). Nothing follows, unless `done`. */
  z.strictObject({
    kind: z.literal('error-frame'),
    afterFrames: amount.optional(),
    error: z.record(z.string(), z.unknown()).optional(),
    done: z.boolean().optional(),
    ...common,
  }),
  /** The status with the documented body of that status and `type`, or with `body` as given. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    type: z.string().optional(),
    headers: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).optional(),
    body: z.unknown().optional(),
    ...common,
  }),
  /** The body in pieces of these sizes in bytes, again from the first when they run out; one write each. */
  z.strictObject({ kind: z.literal('split'), sizes: z.array(z.int().min(1)).min(1), ...common }),
  /** A page of HTML where JSON is expected. Default status 200. */
  z.strictObject({ kind: z.literal('html'), status: z.int().min(200).max(599).optional(), ...common }),
  /** No body at all. Default status 200. */
  z.strictObject({ kind: z.literal('empty-body'), status: z.int().min(200).max(599).optional(), ...common }),
  /** The stream ends without `[DONE]`, or what marks the end in its dialect. */
  z.strictObject({ kind: z.literal('no-done'), ...common }),
  /** The stream has no finish frame: no finish reason, no usage, no metadata. The mark of the end is sent. */
  z.strictObject({ kind: z.literal('no-finish'), ...common }),
  /** The request is read; headers never come. */
  z.strictObject({ kind: z.literal('hang'), ...common }),
  /** The connection is accepted, the body is not read, no answer comes. */
  z.strictObject({ kind: z.literal('no-answer'), ...common }),
  /**
   * An attempt at a provider fails inside the gateway, which goes on to the next one as documented.
   * `provider`: its slug, or `*` for all. Default: the first of the plan. Default status 503.
   */
  z.strictObject({
    kind: z.literal('provider-failure'),
    provider: z.string().optional(),
    status: z.int().min(400).max(599).optional(),
    error: z.string().optional(),
    ...common,
  }),
]);

/** Something that goes wrong with one request, or with the next `times` requests to `path`. */
export type Fault = z.input<typeof faultSchema>;
/** A fault as it is applied. */
export type AppliedFault = z.output<typeof faultSchema>;
/** One fault, or several at once. */
export type FaultStep = Fault | readonly Fault[];

/** The first fault of a kind. */
export function faultOf<Kind extends Fault['kind']>(
  faults: readonly AppliedFault[],
  kind: Kind,
): Extract<AppliedFault, { kind: Kind }> | undefined {
  return faults.find((fault): fault is Extract<AppliedFault, { kind: Kind }> => fault.kind === kind);
}
