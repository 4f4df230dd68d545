import assert from 'node:assert/strict';
import { createGateway, type Gateway } from '@headrace/core';
import { GatewayError } from '@headrace/core/plugin';
import { rejectionOf } from '../../stream/rejection-of.js';
import type { UpstreamScript } from '../../upstream/start-upstream.js';
import { pause, waitForClose } from '../../upstream/upstream-step.js';
import { CANARY_PROMPT } from '../canary.js';
import { type ConformanceCase, type ConformanceGroup, needsModule } from '../conformance-case.js';
import type { Workbench } from '../workbench.js';

const USAGE = { input: 12, output: 7 };

/** A gateway with this provider alone, and the options of one call of it. */
const gatewayOf = async (bench: Workbench, ...scripts: readonly UpstreamScript[]) => {
  const upstream = await bench.upstream(...scripts);
  const module = bench.spec.module?.({ baseUrl: upstream.url, apiKey: bench.apiKey });
  assert.ok(module);
  const gateway: Gateway = createGateway({ providers: [module], retry: { maxAttempts: 1 } });
  bench.keep({ close: () => gateway.dispose() });
  return { upstream, gateway, ask: { model: `${module.name}:${bench.request().model}`, prompt: CANARY_PROMPT } };
};

const CASES: readonly ConformanceCase[] = [
  {
    name: 'answers through a gateway, streamed and whole',
    run: async (bench) => {
      const { gateway, ask } = await gatewayOf(
        bench,
        bench.streamed(bench.dialect.textStream(['str', 'eamed'], USAGE)),
        bench.whole(bench.dialect.wholeText('whole', USAGE)),
      );
      const streamed = await bench.within(gateway.stream(ask).final(), 'the streamed answer');
      const whole = await bench.within(gateway.complete(ask), 'the whole answer');
      assert.deepEqual([streamed.text, whole.text], ['streamed', 'whole']);
    },
  },
  {
    name: 'leaves its usage and neither key nor prompt in the receipt',
    run: async (bench) => {
      const { gateway, ask } = await gatewayOf(bench, bench.whole(bench.dialect.wholeText('a', USAGE)));
      const { receipt, usage } = await bench.within(gateway.complete(ask), 'the answer');
      assert.equal(usage?.totalTokens, USAGE.input + USAGE.output);
      bench.noSecretsIn(receipt);
    },
  },
  {
    name: 'leaves neither key nor prompt in the receipt of a call that failed',
    run: async (bench) => {
      const refusal = bench.dialect.errorBody(403, `no access with ${bench.apiKey}`);
      const { gateway, ask } = await gatewayOf(bench, bench.whole(refusal, 403));
      const error = await bench.within(rejectionOf(gateway.complete(ask)), 'the refusal');
      assert.ok(GatewayError.is(error), String(error));
      assert.equal(error.failureClass, 'forbidden');
      bench.noSecretsIn(error);
      bench.noSecretsIn(error.receipt);
    },
  },
  {
    name: 'ends its calls when the gateway is disposed',
    run: async (bench) => {
      const { upstream, gateway, ask } = await gatewayOf(bench, [
        ...bench.unproved(bench.dialect.textStream(['a'], USAGE)),
        pause('here'),
        waitForClose(),
      ]);
      const failure = rejectionOf(gateway.stream(ask).final());
      await bench.within(upstream.reached('here'), 'the first piece');
      await bench.within(gateway.dispose(), 'dispose() to settle');
      const error = await bench.within(failure, 'the call under way to end');
      assert.ok(GatewayError.is(error) && error.code === 'gateway-disposed', String(error));
      const { closed } = await upstream.waitForRequest(1);
      await bench.within(closed, 'the connection to be closed with the gateway');
    },
  },
  {
    name: 'serves two gateways of one module apart',
    run: async (bench) => {
      const answer = (text: string) => bench.whole(bench.dialect.wholeText(text, USAGE));
      const first = await gatewayOf(bench, answer('first'));
      const second = await gatewayOf(bench, answer('second'));
      await bench.within(first.gateway.dispose(), 'dispose() to settle');
      const { text } = await bench.within(second.gateway.complete(second.ask), 'the answer of the other gateway');
      assert.equal(text, 'second');
      assert.equal(first.upstream.requests.length, 0, 'the call went to the upstream of the other gateway');
    },
  },
];

export const gatewayCases: ConformanceGroup = {
  subject: 'in a gateway',
  cases: CASES.map((one) => ({ ...one, unable: needsModule })),
};
