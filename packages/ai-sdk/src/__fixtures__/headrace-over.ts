import { createGateway, type Gateway, type GatewayOptions } from '@headrace/core';
import { openaiCompatible } from '@headrace/provider-openai-compatible';
import { fixedRandom, scriptedProvider, startUpstream, type Upstream, type UpstreamOptions, type UpstreamScript } from '@headrace/testing';
import { createHeadrace, type HeadraceDefaults, type HeadraceProvider } from '../index.js';

type Scripts = readonly (UpstreamScript | UpstreamOptions)[];
type Play = Parameters<typeof scriptedProvider>;

/** A gateway as the AI SDK sees it. */
export interface Setting extends AsyncDisposable {
  readonly headrace: HeadraceProvider;
  readonly gateway: Gateway;
}

const QUICK: Partial<GatewayOptions> = { retry: { baseDelayMs: 0 }, random: fixedRandom(0) };

const settingOf = (gateway: Gateway, defaults: HeadraceDefaults | undefined): Setting => ({
  gateway,
  headrace: createHeadrace(gateway, defaults),
  [Symbol.asyncDispose]: () => gateway.dispose(),
});

/** Over a server on loopback that plays scripts, as the provider `p`, which takes reasoning items back and cache marks. */
export const overUpstream = async (...scripts: Scripts): Promise<Setting & { readonly upstream: Upstream }> => {
  const upstream = await startUpstream(...scripts);
  const provider = openaiCompatible({
    id: 'p',
    baseUrl: `${upstream.url}/v1`,
    apiKey: '',
    form: { reasoningReplay: 'reasoning_details', cacheMarks: true, reasoningField: 'reasoning' },
    models: [{ id: 'e', type: 'embedding' }],
    catalogue: { refresh: false },
  });
  const setting = settingOf(createGateway({ ...QUICK, providers: [provider] }), undefined);
  return {
    ...setting,
    upstream,
    async [Symbol.asyncDispose]() {
      await setting.gateway.dispose();
      await upstream.close();
    },
  };
};

/** Over a provider that plays a script, as `scripted`. */
export const overScript = (
  script: Play[0],
  options: Play[1] = {},
  gatewayOptions: Partial<GatewayOptions> = {},
  defaults?: HeadraceDefaults,
): Setting & { readonly provider: ReturnType<typeof scriptedProvider> } => {
  const provider = scriptedProvider(script, options);
  const gateway = createGateway({ ...QUICK, ...gatewayOptions, providers: [provider] });
  return { ...settingOf(gateway, defaults), provider };
};
