import { RequestLossError } from '../errors/caller-errors.js';
import type { CallContext } from './call-context.js';
import type { Warning } from './warning.js';

const NONE: readonly never[] = [];

/**
 * Tells what the upstream is sent less of, or in another way, than the caller asked: parameters, parts and marks that have
 * no place in its dialect. To be called with all of them, when the request is made and before anything of it is sent.
 * @param losses each with its `field` in the request, such as `messages[2].content[0].cache`
 * @param notes what loses nothing, such as a default that was filled in: warnings of every call
 * @throws RequestLossError naming all losses, where the call is strict
 */
export const tellLosses = (
  losses: readonly Warning[],
  context: Pick<CallContext, 'strict' | 'warn'>,
  notes: readonly Warning[] = NONE,
): void => {
  if (context.strict === true && losses.length > 0) throw new RequestLossError(losses);
  for (const loss of losses) context.warn(loss);
  for (const note of notes) context.warn(note);
};
