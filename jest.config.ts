/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const transform = {
  '\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        keepClassNames: true,
        parser: { syntax: 'typescript', decorators: true },
        // No metadata: a missing @inject must fail here as it does for users of esbuild.
        transform: { legacyDecorator: true, decoratorMetadata: false },
      },
      module: { type: 'es6' },
    },
  ] as [string, Record<string, unknown>],
};

type Project = Exclude<NonNullable<Config['projects']>[number], string>;

const project = (displayName: string, folder: string): Project => {
  // Without <rootDir> these would be taken from the current folder.
  const top = `<rootDir>/${folder.replaceAll(/[^/]+/g, '..')}`;
  const packages = `${top}/packages`;
  return {
    displayName,
    rootDir: `<rootDir>/${folder}`,
    testMatch: ['<rootDir>/**/*.test.ts'],
    // Packages of their own, whose tests run where they are installed.
    testPathIgnorePatterns: ['/node_modules/', '/examples/provider-', '/dist/'],
    setupFiles: ['reflect-metadata'],
    setupFilesAfterEnv: [
      `${top}/scripts/jest-network-ban.mjs`,
      `${packages}/testing/src/__fixtures__/canaries/set-up.ts`,
    ],
    extensionsToTreatAsEsm: ['.ts'],
    moduleNameMapper: {
      '^@headrace/core/(plugin|zod)$': `${packages}/core/src/$1.ts`,
      '^@headrace/wire/(messages|provider|server|unary)$': `${packages}/wire/src/$1.ts`,
      '^@headrace/([a-z-]+)/data/(.*)$': `${packages}/$1/data/$2`,
      '^@headrace/([a-z-]+)$': `${packages}/$1/src/index.ts`,
      '^(\\.{1,2}/.*)\\.js$': '$1',
    },
    transform,
  };
};

const config: Config = {
  coverageProvider: 'babel',
  // Two, on the smallest machine too. Modules of files that are done are not all let go of: a worker is made anew in time.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1200MB',
  // For machines that are busy with other things: the longest tests take a few seconds alone.
  testTimeout: 90_000,
  projects: [
    ...[
      'core',
      'wire',
      'provider-vercel',
      'provider-google',
      'provider-openai-compatible',
      'provider-anthropic',
      'vercel-emulator',
      'testing',
      'otel',
      'ai-sdk',
      'config',
      'cli',
    ].map((name) => project(name, `packages/${name}`)),
    project('examples', 'examples'),
    { displayName: 'scripts', rootDir: '<rootDir>/scripts', testMatch: ['<rootDir>/*.test.mjs'], transform: {} },
  ],
};

export default config;
