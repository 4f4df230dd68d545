import type { Annotations, JsonObject, Message } from '@headrace/core/plugin';
import { DroppedFields } from '../chat/dropped-fields.js';
import { type Block, CacheMarks } from './cache-marks.js';
import { ToolCallIds } from './tool-call-ids.js';

/** What the encoders of one request share: its cache marks, the ids of its tool calls, and what it cannot carry. */
export class RequestDraft extends DroppedFields {
  readonly marks = new CacheMarks();
  readonly ids: ToolCallIds;

  constructor(providerId: string, messages: readonly Message[]) {
    super(providerId, 'Messages');
    this.ids = new ToolCallIds(messages);
  }

  /** A block with its mark, which is written when all marks are known. */
  block(block: Block, { cache }: Annotations, field: string): Block {
    if (cache !== undefined) this.marks.add(block, cache, `${field}.cache`);
    return block;
  }

  /** The options for this provider on a part that takes some. */
  optionsOf({ providerOptions }: Annotations): JsonObject | undefined {
    return providerOptions !== undefined && Object.hasOwn(providerOptions, this.providerId)
      ? providerOptions[this.providerId]
      : undefined;
  }
}
