import type { CompletionRequest, ModelRequest } from '@headrace/core/plugin';
import { SAID } from '../../cases/meaning-cases.js';
import { type Mutant, missending, wrapped } from './mutant.js';

/** Sends a completion with another member. */
const resending = (
  scenario: string,
  rewrite: (body: CompletionRequest) => Partial<Record<keyof CompletionRequest, unknown>>,
): Mutant =>
  missending(scenario, (body, request: ModelRequest) => {
    if (request.kind !== 'completion') return body;
    const json: CompletionRequest = JSON.parse(body);
    return JSON.stringify({ ...json, ...rewrite(json) });
  });

/** Mutants that send what the call does not say. */
export const meaningMutants: readonly Mutant[] = [
  missending('sends each parameter with its own value, or says in a warning that it does not', (body) =>
    body.replace('"topP":0.8125', '"temperature":0.8125'),
  ),
  missending('sends every stop sequence, or says in a warning that it does not', (body) =>
    body.replace(',"NO MORE OF IT"', ''),
  ),
  resending('sends no parameter that the call does not name', ({ parameters }) => ({
    parameters: { temperature: 1, ...parameters },
  })),
  resending('sets no limit of output tokens that the call does not name', ({ parameters }) => ({
    parameters: { maxOutputTokens: 4096, ...parameters },
  })),
  missending('tells what the user said from what the assistant said and the system', (body) =>
    body.replace('"role":"system","content":"Speak', '"role":"user","content":"Speak'),
  ),
  wrapped('warns of nothing where a conversation is sent as it is', (provider) => ({
    call: (request, context) => {
      if (request.kind === 'completion' && request.messages.length === 3 && request.messages[0]?.content === SAID.first)
        context.warn({ code: 'parameter-dropped', field: 'temperature', message: 'It may not be taken.' });
      return provider.call(request, context);
    },
  })),
  missending('sends the calls of an earlier turn with their arguments', (body) => body.replaceAll('Ouagadougou', '')),
  missending('joins each result of a tool to the call that it answers', (body) =>
    body.replaceAll(/"toolCallId":"call_(?:one|two)"/g, '"toolCallId":"call_one"'),
  ),
  missending('sends the schema of the output, or says in a warning that it does not', (body) =>
    body.replaceAll('home-town', 'town'),
  ),
];
