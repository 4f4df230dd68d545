import type { ParameterName } from '@headrace/core/plugin';

/** How an endpoint differs from OpenAI's own. All members have a default: an endpoint that says nothing is like OpenAI's. */
export interface EndpointForm {
  /** Name of the output cap. Default `max_tokens`, which older servers and most others take. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens' | undefined;
  /** How it is told to think: a word (default), an object, or not at all. */
  readonly reasoningField?: 'reasoning_effort' | 'reasoning' | 'none' | undefined;
  /** A switch beside it: `thinking: { type }`, as DeepSeek has it. Default false. */
  readonly thinkingSwitch?: boolean | undefined;
  /**
   * Where it takes the thoughts of earlier answers. `reasoning_details`: beside their text its opaque items, as OpenRouter
   * does. `thinking`: a part of the content of that type, before the others, as Mistral has it. Default `none`: they are left
   * out.
   */
  readonly reasoningReplay?: 'none' | 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'thinking' | undefined;
  /** Parameters that it refuses or ignores: they are left out, with a warning. Default none. */
  readonly unsupported?: readonly ParameterName[] | undefined;
  /** Default `seed`. */
  readonly seedField?: 'seed' | 'random_seed' | undefined;
  /** The word for "some tool". Default `required`. */
  readonly requiredToolChoice?: 'required' | 'any' | undefined;
  /**
   * What can be said of choosing a tool. `all` (default): also which one. `words`: `auto`, `none` and `required` only.
   * `none`: nothing.
   */
  readonly toolChoice?: 'all' | 'words' | 'none' | undefined;
  /** Whether ids of tool calls must be nine letters or digits. Default false. */
  readonly shortCallIds?: boolean | undefined;
  /** Whether it can be held to one tool call. Default true. */
  readonly parallelToolCalls?: boolean | undefined;
  /** Whether cache marks (`cache_control`) are taken. Default false. */
  readonly cacheMarks?: boolean | undefined;
  /** Where it takes the id of the person behind a call. Default `user`. */
  readonly endUserField?: 'user' | 'safety_identifier' | 'none' | undefined;
  /** Whether an answer can be held to a JSON Schema. Default true; false: any JSON object is asked for, with a warning. */
  readonly jsonSchema?: boolean | undefined;
  /** Whether a stream must be asked for its usage (`stream_options`). Default true. */
  readonly streamOptions?: boolean | undefined;
  /** How the size of an image is told: `size` (default), `width-height`: two numbers, or not at all. */
  readonly imageSize?: 'size' | 'width-height' | 'none' | undefined;
  /** What images are asked for as, `response_format`. Default: the endpoint decides; either form of answer is understood. */
  readonly imageFormat?: 'b64_json' | 'base64' | undefined;
  /** Whether several images can be asked for at once. Default true. */
  readonly imageCount?: boolean | undefined;
  /** Whether images can be given to be changed, in a form. Default true. */
  readonly imageEdits?: boolean | undefined;
  /** Whether documents to be ranked may be objects. Default false: texts only. */
  readonly documentObjects?: boolean | undefined;
}
