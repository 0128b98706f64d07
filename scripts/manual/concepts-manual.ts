import { VARIABLE_HELP } from '../../src/config/keys.help.js';
import { kindList } from '../../src/objects/api-resources.js';
import { lines, prose, rows, seeAlso, type ManualPage, type ManualSection } from './manual-page.js';
import type { Row } from './page.js';

/** Operators of selectors: what each means, and whether the classic language has it. docs/selectors.md has the same table. */
export const OPERATORS: readonly Row[] = [
  { term: "k == 'v', k != 'v'", text: 'The label k has the value v; has another, or none.' },
  { term: "k in {'a', 'b'}, k not in {'a', 'b'}", text: 'Its value is one of several; is none of them, or it is not there.' },
  { term: "k contains 'v', k starts with 'v', k ends with 'v'", text: 'Its value contains, starts with or ends with that text. Only in v3.' },
  { term: 'has(k)', text: 'The label is there, whatever its value.' },
  { term: 'all(), global()', text: 'Everything, as does a selector without text; what has no namespace (only in v3).' },
  { term: '!, &&, ||, ( )', text: 'Not, and, or, the plainest first; parentheses for another order.' },
];

/** What stands in the braces of a template, and alone as the path of --field, --sort-by and columns. */
const PATHS: readonly Row[] = [
  { term: ".a.b, ['a']", text: 'A member of a member; a member.' },
  { term: "[2], [-1], [1:3], [0,2], [*]", text: 'An element of a list, the last, some, those two, all.' },
  { term: '..a', text: 'Every member of that name, at any depth.' },
  { term: '[?(@.a=="x")], [?(@.a)]', text: 'The elements for which it is true, with ==, !=, <, <=, > and >=; those that have it.' },
  { term: 'range PATH ... end', text: 'What stands between, for each value; paths in it begin there.' },
  { term: '"\\n", \'text\'', text: 'A text as it is.' },
];

/** calicoctl(7): what all commands have in common. `exitCodes` is the text of docs/exit-codes.md. */
export function conceptsManual(exitCodes: string): ManualPage {
  return {
    name: 'calicoctl',
    section: 7,
    summary: 'Dialects, kinds, selectors, exit codes and environment of calicoctl.',
    synopsis: [],
    sections: [dialects(), kinds(), references(), selectors(), paths(), writing(), exitStatus(exitCodes), environment(), seeAlso(['calicoctl(1)', 'calicoctl.cfg(5)'])],
  };
}

function dialects(): ManualSection {
  return {
    title: 'DIALECTS',
    parts: [prose(
      'Manifests come in two languages. The classic one, `apiVersion: v1`, has seven kinds and is that of calicoctl 1.6; `apiVersion: projectcalico.org/v3` is what Calico 3 reads. Both may stand in one file. What is stored is always v3, and classic documents are converted to it.',
      'The dialect in use says how words that both know are understood on a command line (`policy` is GlobalNetworkPolicy in v1, NetworkPolicy in v3), and how resources are shown. It is that of `--dialect`, else of `CALICOCTL_DIALECT`, else of the context or the configuration file, else v1. A resource that the classic language cannot express is shown as v3 in either dialect. `calicoctl convert` translates files.',
    )],
  };
}

function kinds(): ManualSection {
  return { title: 'KINDS', parts: [prose('A kind may be written in any letter case, in the plural, or with its short name, here in parentheses.', ...kindList().split('\n'), '`calicoctl api-resources` has all short names, `calicoctl explain KIND` the fields.')] };
}

function references(): ManualSection {
  return {
    title: 'NAMES OF RESOURCES',
    parts: [prose(
      'A resource is named as KIND NAME or KIND/NAME, which `-o name` prints. `-n` is the namespace of a kind that has namespaces, and the node of a classic one. Classic endpoints and peers are identified by `--node`, `--orchestrator`, `--workload` and `--scope` too; what is left out of them matches anything in `get`.',
      '`-f` takes a manifest, a directory (with `-R` also those in it) or `-` for standard input, and may be given several times.',
    )],
  };
}

function selectors(): ManualSection {
  return {
    title: 'SELECTORS',
    parts: [
      prose('Policies, profiles and peers choose by labels, and so does `--selector`, in the language of Calico, which is not that of kubectl. On a label that is not there, `!=` and `not in` are true, everything else is false.'),
      rows(OPERATORS),
      prose('`calicoctl eval SELECTOR` shows what one matches, and why.'),
      lines(`$ calicoctl eval "role in {'web', 'db'} && !has(old)"`),
    ],
  };
}

function paths(): ManualSection {
  return {
    title: 'PATHS AND TEMPLATES',
    parts: [
      prose('Paths are those of the document that `-o json` shows: `--field spec.node=host1`, `--sort-by .metadata.name`, `-o custom-columns=NAME:.metadata.name,CIDR:.spec.cidr`. A list stands for its elements, and a field that is not there is empty.'),
      prose('`-o jsonpath=TEMPLATE` is text with paths in braces, in the form of kubectl; `-o jsonpath-file=FILE` reads it from a file. It sees the resource that is named, otherwise a list with `items`.'),
      rows(PATHS),
      lines('$ calicoctl get ipPool \\', `    -o 'jsonpath={range .items[*]}{.metadata.cidr}{"\\n"}{end}'`),
      prose('`-o go-template=TEMPLATE` and `-o go-template-file=FILE` have the fields by the names of Go: `.Metadata.Name` in the classic dialect, `.ObjectMeta.Name` and `.Spec.CIDR` in v3, of a list of results, each with `.Items`.'),
    ],
  };
}

function writing(): ManualSection {
  return {
    title: 'WRITING',
    parts: [prose(
      'A command that changes something reads what it depends on at one revision of etcd, and writes in one transaction that compares every key with what was read, if it fits. Bad input writes nothing. Whether a write whose answer was lost was carried out is found out; where that cannot be, it is said.',
      '`--dry-run` shows what would change. What closes a way that the network lives by (etcd, BGP, SSH, the kubelet) is refused, unless `--force` is given.',
      'Data goes to standard output, everything else to standard error.',
    )],
  };
}

function exitStatus(document: string): ManualSection {
  const codes = [...document.matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, code = '', meaning = '', examples = '']) => ({ term: code, text: `${sentence(meaning)} ${sentence(examples)}` }));
  if (codes.length === 0) throw new Error('docs/exit-codes.md has no table of codes');
  return { title: 'EXIT STATUS', parts: [rows(codes)] };
}

function environment(): ManualSection {
  return {
    title: 'ENVIRONMENT',
    parts: [rows(Object.entries(VARIABLE_HELP).map(([name, text]) => ({ term: name, text }))), prose('Variables such as `ETCD_ENDPOINTS` say how etcd is reached; calicoctl.cfg(5) has them all.')],
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
