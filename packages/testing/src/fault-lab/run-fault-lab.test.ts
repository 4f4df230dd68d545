import { describe, expect, it } from '@jest/globals';
import type { Fault } from './fault.js';
import { LabAnswer } from './lab-answer.js';
import type { LabCall, LabSubject, LabTarget, Received } from './lab-subject.js';
import { HARMLESS, NEEDS_FALLBACK } from './outlook.js';
import { runFaultLab } from './run-fault-lab.js';

const fault = (name: string, more: Partial<Fault> = {}): Fault => ({
  name,
  title: name,
  expected: { stream: HARMLESS, whole: NEEDS_FALLBACK },
  causes: ['upstream'],
  primary: ({ answer, delivery }) => answer.healthy(delivery),
  ...more,
});

const subject = (
  call: (call: LabCall, targets: readonly LabTarget[]) => Promise<Received>,
  more: Partial<LabSubject> = {},
): LabSubject & { readonly closed: number } => {
  const made = {
    maxAttempts: 3,
    hasFallback: false,
    recovers: false,
    timeoutMs: 1_000,
    closed: 0,
    open: (targets: readonly LabTarget[]) => ({
      call: (one: LabCall) => call(one, targets),
      close: () => {
        made.closed += 1;
        return Promise.resolve();
      },
    }),
    ...more,
  };
  return made;
};

const honest = async (): Promise<Received> => ({ ended: 'error', message: 'no', printed: 'no' });

describe('the fault lab', () => {
  it('has a result for each fault and delivery, in the order of the catalogue, with what would help', async () => {
    const lazy = subject(honest);
    const told: string[] = [];
    const card = await runFaultLab({
      subject: lazy,
      faults: [fault('one'), fault('two', { expected: { whole: NEEDS_FALLBACK } })],
      repeats: 0,
      onResult: (result) => told.push(`${result.fault} ${result.delivery}`),
    });
    expect(card.results).toMatchObject([
      { fault: 'one', delivery: 'stream', verdict: 'honest', expected: 'rescued', requests: { primary: 0 } },
      { fault: 'one', delivery: 'whole', verdict: 'honest', expected: 'honest', outlook: { fallback: 'rescued' } },
      { fault: 'two', delivery: 'whole' },
    ]);
    expect(card).toMatchObject({ setting: 'alone', counts: { rescued: 0, honest: 3, failed: 0 } });
    expect(told.sort()).toEqual(['one stream', 'one whole', 'two whole']);
    expect(lazy.closed).toBe(3);
  });

  it('gives every fault targets of its own, each with its key', async () => {
    const urls = new Set<string>();
    const two = subject(
      async (_call, targets) => {
        expect(targets.map(({ name, apiKey }) => [name, apiKey.includes(name)])).toEqual([
          ['primary', true],
          ['fallback', true],
        ]);
        for (const { url } of targets) urls.add(url);
        return honest();
      },
      { hasFallback: true },
    );
    expect((await runFaultLab({ subject: two, faults: [fault('one')], repeats: 0 })).setting).toBe('fallback');
    expect(urls.size).toBe(4);
  });

  it('gives up a call that does not end, and takes no text from it afterwards', async () => {
    let late: LabCall['onText'] = () => undefined;
    const stuck = subject(
      ({ onText }) => {
        late = onText;
        return new Promise(() => undefined);
      },
      { timeoutMs: 20 },
    );
    const { results } = await runFaultLab({
      subject: stuck,
      faults: [fault('one', { expected: { stream: HARMLESS } })],
    });
    late('too late');
    expect(results[0]).toMatchObject({ verdict: 'failed', reason: expect.stringContaining('no end within') });
    expect(stuck.closed).toBe(1);
  });

  it('plays again, alone, what came out worse than expected while the process stood still', async () => {
    let calls = 0;
    const stalling = subject(async ({ onText }) => {
      calls += 1;
      if (calls < 3) {
        const until = performance.now() + 400;
        while (performance.now() < until);
        // A turn of the loop, in which the stall is seen.
        await new Promise((resolve) => setTimeout(resolve, 20));
        return honest();
      }
      onText(new LabAnswer('text').text);
      return { ended: 'whole', toolCalls: [] };
    });
    const { results } = await runFaultLab({
      subject: stalling,
      faults: [fault('one', { expected: { stream: HARMLESS } })],
    });
    expect([calls, results.map(({ verdict }) => verdict)]).toEqual([3, ['rescued']]);
  });

  it('takes a client that throws for one that had an error', async () => {
    const throwing = subject(() => Promise.reject(new Error('out')));
    const { results } = await runFaultLab({ subject: throwing, faults: [fault('one')] });
    expect(results[0]).toMatchObject({ verdict: 'honest', reason: 'out' });
  });

  it('gives everything up once it is aborted, and closes what it opened', async () => {
    const controller = new AbortController();
    const stopping = subject(
      () => {
        controller.abort(new Error('stopped'));
        return new Promise(() => undefined);
      },
      { timeoutMs: 600_000 },
    );
    const faults = [fault('one'), fault('two'), fault('three')];
    const run = runFaultLab({ subject: stopping, faults, signal: controller.signal });
    await expect(run).rejects.toThrow('stopped');
    expect(stopping.closed).toBe(6);
  });

  it('knows when connections are refused, and keeps the port to itself', async () => {
    const refused = subject(async (_call, [target]) => {
      const error: unknown = await fetch(target!.url).catch((cause: unknown) => cause);
      return { ended: 'error', message: String(Object(error).cause?.code), printed: '' };
    });
    const { results } = await runFaultLab({ subject: refused, faults: [fault('one', { primary: 'refused' })] });
    expect(results.map(({ reason }) => reason)).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
  });
});
