import { isDeepStrictEqual } from 'node:util';
import type { CallContext, ModelRequest } from '@headrace/core/plugin';
import type { ProviderTarget } from '../../conformance-spec.js';
import type { Defect, Sent } from '../defect.js';
import type { Mutant } from './mutant.js';

const isSame = (one: Sent, other: Sent): boolean =>
  one === other || isDeepStrictEqual([one.path, one.body, one.headers], [other.path, other.body, other.headers]);

/** Whether a request would go out as it ought to; a defect may refuse to send it. */
const isSent = (defect: Defect, sent: Sent, request: ModelRequest, context: CallContext): boolean => {
  try {
    return isSame(defect.sent?.(sent, request, context) ?? sent, sent);
  } catch {
    return false;
  }
};

/** Does as it ought to, and tells where the defect would have done something else. */
const probed = (defect: Defect, tell: () => void): Defect => {
  const noted = <T>(outcome: T, isUsual: boolean): T => {
    if (!isUsual) tell();
    return outcome;
  };
  return {
    get id() {
      return noted('reference', defect.id === undefined);
    },
    sent: (sent, request, context) => noted(sent, isSent(defect, sent, request, context)),
    read: (bytes, heard) => noted(bytes, defect.read?.(bytes, heard).equals(bytes) !== false),
    said: (event, request, context) => {
      const said = defect.said?.(event, request, context) ?? [event];
      return noted([event], isDeepStrictEqual(said, [event]));
    },
    refused: (refusal) => noted(undefined, defect.refused?.(refusal) === undefined),
    failed: (error, progress) => noted(error, (defect.failed?.(error, progress) ?? error) === error),
    keeps: (progress) => noted(false, defect.keeps?.(progress) !== true),
    leavesOpen: () => noted(false, defect.leavesOpen?.() !== true),
    takesHints: () => noted(false, defect.takesHints?.() !== true),
    pauses: () => noted(true, defect.pauses?.() !== false),
    drops: () => noted(false, defect.drops?.() !== true),
    tells: (phase) => noted(true, defect.tells?.(phase) !== false),
    checksTools: (isWhole) => noted(true, defect.checksTools?.(isWhole) !== false),
    unpacks: (headers) => noted(true, defect.unpacks?.(headers) !== false),
    unpacksAlone: (headers) => noted(false, defect.unpacksAlone?.(headers) !== true),
    merges: (json) => noted(false, defect.merges?.(json) !== true),
    takesCoding: (coding) => noted(false, defect.takesCoding?.(coding) !== true),
    follows: (status, location) => noted(false, defect.follows?.(status, location) !== true),
  };
};

/**
 * The defects of all mutants at once, each of which does nothing but tell when it would have. Where it tells nothing, the
 * mutant does what the reference provider does: such a scenario need not be played to it.
 */
export const probe = (mutants: readonly Mutant[], tell: (mutant: Mutant) => void): ((target: ProviderTarget) => Defect) => {
  return (target) => {
    const all = mutants.flatMap((mutant) =>
      mutant.defect === undefined ? [] : [probed(mutant.defect(target), () => tell(mutant))],
    );
    return {
      get id() {
        return all.reduce((same, { id }) => id ?? same, 'reference');
      },
      sent: (sent, request, context) =>
        all.reduce((same, { sent: look }) => look?.(same, request, context) ?? same, sent),
      read: (bytes, heard) => all.reduce((same, { read: look }) => look?.(same, heard) ?? same, bytes),
      said: (event, request, context) => {
        for (const { said } of all) said?.(event, request, context);
        return [event];
      },
      refused: (refusal) => {
        for (const { refused } of all) refused?.(refusal);
        return undefined;
      },
      failed: (error, progress) => {
        for (const { failed } of all) failed?.(error, progress);
        return error;
      },
      keeps: (progress) => all.filter(({ keeps }) => keeps?.(progress)).length > 0,
      leavesOpen: () => all.filter(({ leavesOpen }) => leavesOpen?.()).length > 0,
      takesHints: () => all.filter(({ takesHints }) => takesHints?.()).length > 0,
      pauses: () => all.filter(({ pauses }) => pauses?.() === false).length === 0,
      drops: () => all.filter(({ drops }) => drops?.()).length > 0,
      tells: (phase) => all.filter(({ tells }) => tells?.(phase) === false).length === 0,
      checksTools: (isWhole) => all.filter(({ checksTools }) => checksTools?.(isWhole) === false).length === 0,
      unpacks: (headers) => all.filter(({ unpacks }) => unpacks?.(headers) === false).length === 0,
      unpacksAlone: (headers) => all.filter(({ unpacksAlone }) => unpacksAlone?.(headers)).length > 0,
      merges: (json) => all.filter(({ merges }) => merges?.(json)).length > 0,
      takesCoding: (coding) => all.filter(({ takesCoding }) => takesCoding?.(coding)).length > 0,
      follows: (status, location) => all.filter(({ follows }) => follows?.(status, location)).length > 0,
    };
  };
};
