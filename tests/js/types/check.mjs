/* Checks the page's classic scripts with TypeScript: each is read as the module it would be, so that its types are inferred. */
import {readdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import ts from 'typescript';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ASSETS = fileURLToPath(new URL('../../../dashboard/lrscope_dashboard/assets/', import.meta.url));
const PAGE = `${ASSETS}page.js`; // is on no disk: all that the scripts put on `lrscope`
const SCRIPTS = readdirSync(ASSETS).filter(name => name.endsWith('.js')).sort();

/** One word for one thing: a parameter of this name is that, in every script; `api` only of a constructor, the grid has one too. */
const WORDS = {
  store: "Made<'Store'>", api: "Made<'Api'>", chart: "Made<'Chart'>", feed: "Made<'Feed'>", list: "Made<'List'>",
  dialogs: "Made<'Dialogs'>", actions: "Made<'Actions'>", hover: "Made<'Hover'>",
  sweep: 'Said.Sweep', reading: 'Said.Reading', pick: 'Said.Pick', worker: 'Said.WorkerState',
};

/** The script without the function around it: what it puts on `lrscope` it exports. Every line stays where it is. */
function unwrap(text) {
  const names = [];
  const inside = text
    .replace(/^\(function \(lrscope\) \{$/m, "const lrscope = /** @type {Page & {app: any}} */ (/** @type {any} */ (window).lrscope);")
    .replace(/^ {2}lrscope\.(\w+) = /gm, (_, name) => { names.push(name); return `  const lrscope$${name} = `; })
    .replace(/^\}\)\(\(window\.lrscope = window\.lrscope \|\| \{\}\)\);$/m, () => `export {${names.map(name => `lrscope$${name} as ${name}`).join(', ')}};`);
  return annotate(inside);
}

/** Gives the parameters whose name is one of WORDS their type; options that default to {} can be any. */
function annotate(text) {
  const insertions = [];
  (function visit(node) {
    if (ts.isParameter(node) && ts.isIdentifier(node.name) && Object.hasOwn(WORDS, node.name.text) && (node.name.text !== 'api' || ts.isConstructorDeclaration(node.parent))) {
      const start = node.getStart(), bare = ts.isArrowFunction(node.parent) && node.parent.getStart() === start && text[start] !== '(';
      insertions.push([start, `${bare ? '(' : ''}/** @type {${WORDS[node.name.text]}} */ `]);
      if (bare) insertions.push([node.end, ')']);
    }
    if (ts.isParameter(node) && ts.isObjectBindingPattern(node.name) && node.initializer?.getText() === '{}') insertions.push([node.initializer.end, ')'], [node.initializer.getStart(), '/** @type {any} */ (']);
    ts.forEachChild(node, visit);
  })(source(text));
  return insertions.sort(([a], [b]) => b - a).reduce((whole, [at, more]) => whole.slice(0, at) + more + whole.slice(at), text);
}
const source = text => ts.createSourceFile('script.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);

function read(file) {
  if (file === PAGE) return SCRIPTS.map(name => `export * from './${name}';`).join('\n');
  const text = ts.sys.readFile(file);
  return file.startsWith(ASSETS) ? unwrap(text) : text;
}

const {config} = ts.readConfigFile(`${HERE}tsconfig.json`, ts.sys.readFile);
const {options, fileNames} = ts.parseJsonConfigFileContent(config, ts.sys, HERE);
const host = ts.createCompilerHost(options, true), {fileExists} = host;
host.fileExists = file => file === PAGE || fileExists(file);
host.readFile = read;
host.getSourceFile = (file, language) => ts.createSourceFile(file, read(file), language, true);

const program = ts.createProgram([...fileNames, PAGE], options, host);
const found = ts.getPreEmitDiagnostics(program);
process.stdout.write(ts.formatDiagnostics(found, host));
console.log(found.length ? `${found.length} found in the page's scripts` : `Nothing found in ${SCRIPTS.length} scripts of the page`);
process.exitCode = found.length ? 1 : 0;
