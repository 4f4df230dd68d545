import { type DecodedUsage, decodeUsage } from '../chat/decode-usage.js';
import { isObject } from '../chat/json-object.js';
import { safeObject } from '../chat/safe-json.js';

/**
 * Tokens of an image answer, which has words of its own for them. What is written is the image, unless the upstream tells
 * text from it.
 */
export const decodeImageUsage = (value: unknown): DecodedUsage => {
  if (!isObject(value) || value['input_tokens'] === undefined) return decodeUsage(value);
  const { input_tokens: input, output_tokens: output = 0, total_tokens: total, ...others } = value;
  const ofInput = value['input_tokens_details'];
  const ofOutput = value['output_tokens_details'];
  const { usage, cost } = decodeUsage({
    ...others,
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: total,
    prompt_tokens_details: isObject(ofInput) ? { cached_tokens: ofInput['cached_tokens'] } : undefined,
    completion_tokens_details: {
      image_tokens: isObject(ofOutput) ? (ofOutput['image_tokens'] ?? output) : output,
    },
  });
  return {
    ...(usage === undefined ? {} : { usage: { ...usage, raw: safeObject(value) } }),
    ...(cost === undefined ? {} : { cost }),
  };
};
