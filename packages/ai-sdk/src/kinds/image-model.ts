import {
  type ImageModelV4,
  type ImageModelV4CallOptions,
  type ImageModelV4File,
  type ImageModelV4ProviderMetadata,
  type ImageModelV4Result,
  InvalidArgumentError,
  InvalidResponseDataError,
} from '@ai-sdk/provider';
import type { Gateway, GeneratedImage, ImageAnswer, ImageInput, ImageOptions } from '@headrace/core';
import { failureOf } from '../shared/failure.js';
import { jsonOf } from '../shared/json.js';
import type { Notes } from '../shared/notes.js';
import { type HeadraceDefaults, OPTION_NAMES, OWN } from '../shared/own-options.js';
import { metadataOf } from '../shared/receipt-summary.js';
import { warningOf } from '../shared/warnings.js';
import { unaryCall } from './unary-call.js';

const inputOf = (file: ImageModelV4File): ImageInput => {
  if (file.type === 'url') return { source: { type: 'url', url: file.url } };
  const { data, mediaType } = file;
  return {
    source: typeof data === 'string' ? { type: 'base64', data } : { type: 'bytes', data },
    // The AI SDK says `image/*` where it does not know.
    ...(mediaType.includes('*') ? {} : { mediaType }),
  };
};

const lookOver = ({ aspectRatio, seed, files = [], mask }: ImageModelV4CallOptions, notes: Notes): void => {
  if (aspectRatio !== undefined) notes.leftOut('aspectRatio', 'There is no field for it: give a size.');
  if (seed !== undefined) notes.leftOut('seed', 'There is no field for it.');
  for (const file of [...files, ...(mask === undefined ? [] : [mask])])
    if (file.providerOptions !== undefined)
      notes.leftOut('providerOptions of an image', 'Options are given for the call as a whole.');
};

/** As text all of them where all came as text, otherwise as bytes: the AI SDK takes one form for all. */
const dataOf = (images: readonly GeneratedImage[]): string[] | Uint8Array[] => {
  const sources = images.map(({ source }) => source);
  const urls = sources.flatMap((source) => (source.type === 'url' ? [source.url] : []));
  if (urls.length > 0)
    throw new InvalidResponseDataError({
      data: urls,
      message:
        'The upstream sent addresses of images where the AI SDK takes images only. They are in `data`: fetch them, or ask the provider for bytes.',
    });
  const texts = sources.flatMap((source) => (source.type === 'base64' ? [source.data] : []));
  if (texts.length === sources.length) return texts;
  return sources.flatMap((source) => {
    if (source.type === 'url') return [];
    return [source.type === 'bytes' ? source.data : new Uint8Array(Buffer.from(source.data, 'base64'))];
  });
};

const metadataOfImages = ({ receipt, providerMetadata, images }: ImageAnswer): ImageModelV4ProviderMetadata => {
  const told = images.map(({ mediaType, revisedPrompt }) => jsonOf({ mediaType, revisedPrompt }));
  // The AI SDK wants a list of images under every name.
  return Object.fromEntries(
    Object.entries(metadataOf(receipt, providerMetadata)).map(([name, said]) => [
      name,
      { ...said, images: name === OWN ? told : [] },
    ]),
  );
};

/** A model or a route of a gateway as an image model of the AI SDK. */
export class HeadraceImageModel implements ImageModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider = OWN;
  /** Left to the AI SDK, which then asks for one image a call: what more a model makes at once, only its maker knows. */
  readonly maxImagesPerCall = undefined;

  constructor(
    readonly modelId: string,
    private readonly gateway: Pick<Gateway, 'generateImage'>,
    private readonly defaults: HeadraceDefaults,
  ) {}

  async doGenerate(call: ImageModelV4CallOptions): Promise<ImageModelV4Result> {
    const { prompt, n, size, files, mask } = call;
    if (prompt === undefined)
      throw new InvalidArgumentError({ argument: 'prompt', message: 'An image is asked for in words: give a prompt.' });
    const { options, warnings } = unaryCall(call, OPTION_NAMES.image, this.defaults, (notes) => lookOver(call, notes));
    const asked: ImageOptions = {
      ...options,
      model: this.modelId,
      prompt,
      n,
      ...(size === undefined ? {} : { size }),
      ...(files === undefined || files.length === 0 ? {} : { images: files.map(inputOf) }),
      ...(mask === undefined ? {} : { mask: inputOf(mask) }),
    };
    try {
      const answer = await this.gateway.generateImage(asked);
      const { usage, receipt } = answer;
      return {
        images: dataOf(answer.images),
        warnings: [...warnings, ...answer.warnings.map(warningOf)],
        providerMetadata: metadataOfImages(answer),
        response: { timestamp: new Date(receipt.startedAt), modelId: answer.model, headers: undefined },
        ...(usage === undefined
          ? {}
          : {
              usage: {
                inputTokens: usage.input.total,
                outputTokens: usage.output.total,
                totalTokens: usage.totalTokens,
              },
            }),
      };
    } catch (error) {
      throw failureOf(error, { modelId: this.modelId, modelType: 'imageModel' });
    }
  }
}
