import type { Clock } from '../contract/clock.js';
import type { ModelInfo } from '../contract/model-info.js';
import type { Provider } from '../contract/provider.js';
import { TimeoutError } from '../errors/clock-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import { ProviderFaultError } from '../errors/upstream-errors.js';
import { within } from '../limits/time-limit.js';
import { isObject } from '../schema/is-object.js';

/** How long a provider may take to list its models, in ms. */
const LIST_MS = 30_000;

const isInfo = (model: unknown): boolean => {
  if (!isObject(model)) return false;
  const { id, type, name = '' } = model as { readonly [K in keyof ModelInfo]?: unknown };
  return typeof id === 'string' && typeof type === 'string' && typeof name === 'string';
};

/** @throws GatewayError, or `signal.reason` untouched */
const listOf = async (provider: Provider, signal: AbortSignal, clock: Clock): Promise<readonly ModelInfo[]> => {
  signal.throwIfAborted();
  const own = new AbortController();
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      own.abort(signal.reason);
      reject(signal.reason);
    };
  });
  signal.addEventListener('abort', onAbort);
  const overdue = (): TimeoutError => {
    const message = `The provider "${provider.id}" has not listed its models within ${LIST_MS} ms.`;
    const error = new TimeoutError('total', LIST_MS, message);
    own.abort(error);
    return error;
  };
  try {
    const asked = (async (): Promise<unknown> => provider.listModels(own.signal))();
    const list = await within(Promise.race([asked, aborted]), LIST_MS, clock, overdue);
    if (Array.isArray(list) && list.every(isInfo)) return list as readonly ModelInfo[];
  } catch (cause) {
    if (GatewayError.is(cause) || (signal.aborted && cause === signal.reason)) throw cause;
    throw new ProviderFaultError(`Listing the models of "${provider.id}" failed; see \`cause\`.`, { cause });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  throw new ProviderFaultError(`The provider "${provider.id}" listed something that is no list of models.`);
};

/**
 * What providers say of their models now, each within 30 s. One that fails keeps back nothing of the others: its failure is
 * then a warning of the process (`HEADRACE_LIST_FAILED`).
 * @param hasOthers whether there are models of other providers, which a failure is not to keep back.
 * @throws GatewayError of the first when all fail and there are no others; `signal.reason` untouched
 */
export const liveLists = async (
  providers: readonly Provider[],
  signal: AbortSignal,
  clock: Clock,
  hasOthers = false,
): Promise<readonly ModelInfo[]> => {
  const lists = await Promise.allSettled(providers.map((provider) => listOf(provider, signal, clock)));
  signal.throwIfAborted();
  const failures = lists.flatMap((list): readonly unknown[] => (list.status === 'rejected' ? [list.reason] : []));
  if (failures.length > 0 && failures.length === lists.length && !hasOthers) throw failures[0];
  for (const failure of failures) {
    const message = `The models of a provider are missing from a list: ${String(failure)}`;
    process.emitWarning(message, { type: 'HeadraceWarning', code: 'HEADRACE_LIST_FAILED' });
  }
  return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
};
