import { QuotaExhaustedError, UpstreamError } from '@headrace/core/plugin';
import { defective, misjudging, type Mutant, rebatching } from './mutant.js';

const mutantsOf = (kind: string, name: string): readonly Mutant[] => [
  rebatching(`answers ${name} request in one batch that ends in its result`, async function* (batches, { request }) {
    for await (const batch of batches) {
      if (request.kind !== kind) yield batch;
      else for (const event of batch.events) yield { events: [event] };
    }
  }),
  misjudging(
    `refuses an answer that does not fit ${name} request`,
    ({ message }, { request }) => request.kind === kind && /do(es)? not fit|is no image/.test(message),
    () => new UpstreamError('it failed inside'),
  ),
  misjudging(
    `takes half of the answer to ${name} request for a cut one`,
    ({ failureClass }, { request }) => request.kind === kind && failureClass === 'truncated',
    () => new UpstreamError('it failed inside'),
  ),
  defective(`gives a refusal of ${name} request the class of its status`, {
    refused: ({ status, request }) =>
      request.kind === kind && status === 503 ? new QuotaExhaustedError('spent', { upstream: { status } }) : undefined,
  }),
];

/** Mutants that fail at one kind of request beside completions. */
export const unaryMutants: readonly Mutant[] = [
  ...mutantsOf('embedding', 'an embedding'),
  ...mutantsOf('reranking', 'a reranking'),
  ...mutantsOf('image', 'an image'),
];
