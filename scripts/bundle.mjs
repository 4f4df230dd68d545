// Puts the compiled modules of the packages that a process loads at its start into one file for each entry: a hundred
// and fifty small files cost more to find and read than to run. See docs/decisions/0004.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { readJson, root } from './workspace.mjs';

/** Packages whose import stands between a host and its first answer. */
const BUNDLED = [
  'core',
  'wire',
  'provider-anthropic',
  'provider-google',
  'provider-openai-compatible',
  'provider-vercel',
];

/** Packages that hold what they need of their dependencies: the container, and the parts of zod. See docs/decisions/0034. */
const SELF_CONTAINED = ['core'];

/**
 * The modules that something below the folder imports by `import(…)`.
 * @param {string} folder
 */
function loadedLater(folder) {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.test)\.ts$/.test(file),
  );
  return sources.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/\bimport\('(\.[^']*)\.js'\)/g)].map(([, path = '']) =>
      join(folder, dirname(file), `${path}.ts`),
    ),
  );
}

/**
 * Lets every other entry, and every module that is loaded later, reach all that the first entry reaches. Otherwise each
 * set of them that shares a module would get a chunk of its own, and a process that needs none of them would read them all.
 * @param {readonly string[]} entries
 * @param {SharedLater} [shared] which of those loaded later are to reach all that they share, for the same reason
 * @returns {import('esbuild').Plugin}
 */
const oneChunk = ([first = '', ...others], { modules, users } = { modules: [], users: [] }) => ({
  name: 'one-chunk',
  setup(bundler) {
    const later = new Set([...others, ...loadedLater(dirname(first))]);
    const sharing = new Set(users);
    bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!later.has(path)) return undefined;
      const also = sharing.has(path) ? modules.filter((module) => module !== path) : [];
      const imports = [first, ...also].map((module) => `import ${JSON.stringify(module)};`);
      return { contents: [readFileSync(path, 'utf8'), ...imports].join('\n'), loader: 'ts' };
    });
  },
});

/**
 * Modules that several of those loaded later reach, and who of them does.
 * @typedef {object} SharedLater
 * @property {readonly string[]} modules
 * @property {readonly string[]} users
 */

/**
 * @param {readonly string[]} entries
 * @param {import('esbuild').Metafile} metafile of a bundle in which each set of users has a chunk
 * @returns {SharedLater}
 */
function sharedLater([first = ''], { outputs }) {
  const start = relative(root, first).replaceAll('\\', '/');
  const shared = Object.entries(outputs).filter(
    ([path, { entryPoint, inputs }]) => path.endsWith('.js') && entryPoint === undefined && !(start in inputs),
  );
  const chunks = new Set(shared.map(([path]) => path));
  const users = Object.values(outputs).flatMap(({ entryPoint, imports }) =>
    entryPoint !== undefined && imports.some(({ kind, path }) => kind === 'import-statement' && chunks.has(path))
      ? [join(root, entryPoint)]
      : [],
  );
  return { modules: shared.flatMap(([, { inputs }]) => Object.keys(inputs).map((path) => join(root, path))), users };
}

/** @param {string} file of a dependency */
function packageOf(file) {
  let folder = dirname(file);
  // Folders inside a package may have a manifest that says no more than how its modules are read.
  while (!(existsSync(join(folder, 'package.json')) && 'version' in readJson(join(folder, 'package.json'))))
    folder = dirname(folder);
  return folder;
}

/**
 * The licences of the dependencies whose code is in a bundle, which ask to be there too.
 * @param {import('esbuild').Metafile} metafile
 * @returns {string} empty where there are none
 */
function licencesOf({ inputs }) {
  const files = Object.keys(inputs).filter((path) => path.includes('node_modules/'));
  const folders = new Set(files.map((path) => packageOf(join(root, path))));
  return [...folders]
    .map((folder) => {
      const { name, version, license } = readJson(join(folder, 'package.json'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
      if (file === undefined) throw new Error(`${name} has no file with its licence`);
      return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    })
    .sort()
    .join(`\n${'-'.repeat(80)}\n\n`);
}

for (const name of BUNDLED) {
  const folder = join(root, 'packages', name);
  const dist = join(folder, 'dist');
  const entries = Object.values(readJson(join(folder, 'package.json')).exports)
    .map((/** @type {string | { default: string }} */ entry) => (typeof entry === 'string' ? entry : entry.default))
    .filter((/** @type {string} */ path) => path.endsWith('.js'))
    .map((/** @type {string} */ path) => join(folder, path.replace('./dist/', 'src/').replace(/\.js$/, '.ts')));
  const isSelfContained = SELF_CONTAINED.includes(name);
  /** @param {SharedLater} [shared] */
  const bundle = (shared) =>
    build({
      absWorkingDir: root,
      metafile: true,
      write: false,
      entryPoints: entries,
      outdir: dist,
      bundle: true,
      splitting: true,
      packages: isSelfContained ? 'bundle' : 'external',
      mainFields: ['module', 'main'],
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      sourcemap: true,
      sourcesContent: false,
      chunkNames: 'shared-[hash]',
      tsconfig: join(folder, 'tsconfig.json'),
      logLevel: 'warning',
      plugins: [oneChunk(entries, shared)],
    });
  const { metafile: apart } = await bundle();
  const { outputFiles, metafile } = await bundle(sharedLater(entries, apart));
  for (const { path, text } of outputFiles) {
    // Error names are class names. The bundler renames the second of two classes of one name by a digit at its end.
    const renamed = /^(?:var|let) (\w+?)\d+ = class (?:_\w+ )?|^class (\w+?)\d+ /m.exec(
      path.endsWith('.js') ? text : '',
    );
    if (renamed !== null) throw new Error(`${name}: two classes share the name "${renamed[1] ?? renamed[2]}"`);
  }
  // Each file is there whole or not at all: another command may be reading the ones of the build before.
  for (const { path, contents } of outputFiles) {
    writeFileSync(`${path}.new`, contents);
    renameSync(`${path}.new`, path);
  }
  if (isSelfContained) writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licencesOf(metafile));
  const made = new Set(outputFiles.map(({ path }) => path));
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (/\.js(\.map)?$/.test(file) && !made.has(join(dist, file))) rmSync(join(dist, file));
  }
}

// What `headrace new-provider` writes is the example of a provider, with another name. One file of texts: a package within a
// package would be taken for one.
const example = join(root, 'examples/provider-acme');
const texts = Object.fromEntries(
  readdirSync(example, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(example, join(parentPath, name)).replaceAll('\\', '/'))
    .filter((path) => !/^(?:node_modules|dist)\/|^package-lock\.json$/.test(path))
    .sort()
    .map((path) => [path, readFileSync(join(example, path), 'utf8')]),
);
writeFileSync(join(root, 'packages/cli/dist/new-provider.json'), `${JSON.stringify(texts, undefined, 1)}\n`);
