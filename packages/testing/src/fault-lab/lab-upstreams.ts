import type { Delivery } from '@headrace/core/plugin';
import type { RecordedRequest } from '../upstream/recorded-request.js';
import { startSilentUpstream } from '../upstream/silent-upstream.js';
import { startUpstream } from '../upstream/start-upstream.js';
import { healthy } from './catalogue/parts.js';
import type { SeenRequest } from './evidence.js';
import type { Fault, FaultScript, Scene } from './fault.js';
import { LAB_MODEL, LabAnswer } from './lab-answer.js';
import type { LabTarget } from './lab-subject.js';
import { startRefusedTarget } from './refused-target.js';

/** Keys of the targets: nothing but their own origin may see them. */
export const LAB_KEYS = { primary: 'lab_key_of_the_primary', fallback: 'lab_key_of_the_fallback' } as const;

export interface LabUpstreams {
  readonly targets: readonly LabTarget[];
  /** In order of arrival. */
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

export interface LabUpstreamOptions {
  readonly fault: Fault;
  readonly delivery: Delivery;
  readonly answer: LabAnswer;
  readonly hasFallback: boolean;
  readonly seen: Scene['seen'];
  /** Monotonic, in ms. */
  readonly now: () => number;
}

const keyOf = ({ headers }: RecordedRequest): SeenRequest['keyOf'] => {
  const authorization = headers['authorization'] ?? '';
  if (authorization.includes(LAB_KEYS.primary)) return 'primary';
  return authorization.includes(LAB_KEYS.fallback) ? 'fallback' : undefined;
};

/** Starts what one fault is played by: primary, fallback, and a third origin that nobody is to ask. */
export const startLabUpstreams = async (options: LabUpstreamOptions): Promise<LabUpstreams> => {
  const { fault, delivery, answer, hasFallback, seen, now } = options;
  const requests: SeenRequest[] = [];
  const open: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((one) => one.close()));
  };
  let elsewhereUrl = '';

  const start = async (target: SeenRequest['target'], script: FaultScript): Promise<string> => {
    let nth = 0;
    const upstream = await startUpstream({ repeatLast: true }, (request) => {
      nth += 1;
      const key = keyOf(request);
      requests.push({ target, arrivedAtMs: now(), ...(key === undefined ? {} : { keyOf: key }) });
      return script({ request, delivery, nth, answer, elsewhereUrl, seen });
    });
    open.push(upstream);
    return upstream.url;
  };
  const startPrimary = async (play: Fault['primary']): Promise<string> => {
    if (typeof play === 'function') return start('primary', play);
    if (play === 'refused') {
      const refused = await startRefusedTarget();
      open.push(refused);
      return refused.url;
    }
    const silent = await startSilentUpstream();
    open.push(silent);
    return silent.secureUrl;
  };

  try {
    elsewhereUrl = await start('elsewhere', () => new LabAnswer('text', ['from ', 'elsewhere']).healthy(delivery));
    const target = (name: LabTarget['name'], url: string): LabTarget => ({
      name,
      url,
      apiKey: LAB_KEYS[name],
      model: LAB_MODEL,
    });
    const targets = [target('primary', await startPrimary(fault.primary))];
    if (hasFallback) targets.push(target('fallback', await start('fallback', fault.fallback ?? healthy)));
    return { targets, requests, close };
  } catch (error) {
    await close();
    throw error;
  }
};
