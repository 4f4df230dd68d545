import { type CallContext, InvalidRequestError, type ModelRequest } from '@headrace/core/plugin';
import type { Sent } from '../defect.js';
import { defective, type Mutant } from './mutant.js';

const hasSeed = (request: ModelRequest): boolean =>
  request.kind === 'completion' && request.parameters.seed !== undefined;

const withoutSeed = (sent: Sent): Sent => ({ ...sent, body: sent.body.replace(/,?"seed":\d+/, '') });

const warnOfSeed = (context: CallContext): void =>
  context.warn({ code: 'parameter-dropped', field: 'seed', message: 'It was left out.' });

const refusal = (field: string): InvalidRequestError => new InvalidRequestError([{ field, message: 'No.' }]);

/** Mutants that lose what was asked for, or refuse too much of it. */
export const lossMutants: readonly Mutant[] = [
  defective('sends each thing that a call asks for, or says in a warning that it does not', {
    sent: (sent, request, { strict }) => (hasSeed(request) && strict !== true ? withoutSeed(sent) : sent),
  }),
  defective('refuses what it would leave out where the call is strict, and sends nothing', {
    sent: (sent, request, context) => {
      if (!hasSeed(request)) return sent;
      warnOfSeed(context);
      return withoutSeed(sent);
    },
  }),
  defective('says in a strict refusal which fields it is about', {
    sent: (sent, request, context) => {
      if (!hasSeed(request)) return sent;
      if (context.strict === true) throw refusal('request');
      warnOfSeed(context);
      return withoutSeed(sent);
    },
  }),
  defective('sends a plain conversation where the call is strict as everywhere', {
    sent: (sent, request, { strict }) => {
      if (strict === true && request.kind === 'completion') throw refusal('messages');
      return sent;
    },
  }),
];
