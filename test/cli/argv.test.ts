import { expect } from 'chai';
import { describe, it } from 'mocha';
import { GLOBAL_OPTIONS, readCommandLine } from '../../src/cli/argv.js';
import { datastoreFlags, globalFlags } from '../../src/cli/flags.js';

const COMMANDS = ['create', 'get', 'version', 'ipam check', 'ipam show', 'node run', 'node status'];
const read = (line: string): object => readCommandLine(line === '' ? [] : line.split(' '), COMMANDS);
const run = (command: string, ...args: string[]): object => ({ kind: 'run', command, args });
const help = (topic: string): object => ({ kind: 'help', topic });
const problem = (message: string, hint: string): object => ({ kind: 'problem', message, hint });

/** Command lines and what they ask for. */
const CASES: readonly (readonly [string, object])[] = [
  ['get nodes', run('get', 'nodes')],
  ['get node run', run('get', 'node', 'run')],
  ['ipam show --ip 10.0.0.1', run('ipam show', '--ip', '10.0.0.1')],
  ['-l debug get nodes', run('get', '-l', 'debug', 'nodes')],
  ['-ldebug get nodes', run('get', '-ldebug', 'nodes')],
  ['--log-level=debug get nodes', run('get', '--log-level=debug', 'nodes')],
  ['--log-level debug -c /etc/x.cfg --dialect v1 --timeout 5s ipam show', run('ipam show', '--log-level', 'debug', '-c', '/etc/x.cfg', '--dialect', 'v1', '--timeout', '5s')],
  ['--allow-version-mismatch get nodes', run('get', '--allow-version-mismatch', 'nodes')],
  ['--context here get -- --help', run('get', '--context', 'here', '--', '--help')],
  ['get nodes -l debug', run('get', 'nodes', '-l', 'debug')],
  ['', help('')],
  ['--help', help('')],
  ['-h', help('')],
  ['help', help('')],
  ['-l debug', help('')],
  ['-l debug --help', help('')],
  ['--help get', help('get')],
  ['help get', help('get')],
  ['help get nodes', help('get')],
  ['get --help', help('get')],
  ['get nodes -o yaml -h', help('get')],
  ['-l debug get --help', help('get')],
  ['ipam', help('ipam')],
  ['ipam --help', help('ipam')],
  ['help ipam', help('ipam')],
  ['help ipam show', help('ipam show')],
  ['ipam show --help', help('ipam show')],
  ['--version', { kind: 'version' }],
  ['-v', { kind: 'version' }],
  ['-l debug --version', { kind: 'version' }],
  ['gte nodes', problem('gte is not a command', 'did you mean get?')],
  ['gte --help', problem('gte is not a command', 'did you mean get?')],
  ['help gte', problem('gte is not a command', 'did you mean get?')],
  ['ipma show', problem('ipma is not a command', 'did you mean ipam?')],
  ['ipam shwo --ip 10.0.0.1', problem('ipam shwo is not a command', 'did you mean ipam show?')],
  ['ipam frobnicate', problem('ipam frobnicate is not a command', 'calicoctl help ipam lists the commands')],
  ['ipam -x', problem('ipam needs a command', 'calicoctl help ipam lists the commands')],
  ['frobnicate', problem('frobnicate is not a command', 'calicoctl help lists the commands')],
  ['--loglevel debug get', problem('--loglevel is not an option of calicoctl itself', 'did you mean --log-level?')],
  ['-o yaml get nodes', problem('-o is not an option of calicoctl itself', 'options of a command go after it: calicoctl COMMAND --OPTION')],
  ['--allow-version-mismatch=true get nodes', problem('--allow-version-mismatch takes no value', 'write --allow-version-mismatch')],
  ['--version=false get nodes', problem('--version takes no value', 'leave out --version=false')],
  ['-h=0 get nodes', problem('-h takes no value', 'leave out -h=0')],
  ['get nodes --help=true', problem('--help takes no value', 'write --help')],
  ['get -o -- --help=true', run('get', '-o', '--', '--help=true')],
  ['--timeout', problem('option --timeout needs a value', 'write --timeout VALUE COMMAND')],
];

describe('command line', () => {
  for (const [line, expected] of CASES) it(`calicoctl ${line}`, () => expect(read(line)).to.deep.equal(expected));

  it('knows before the command the options that commands have in common', () => {
    const declared = Object.entries({ ...globalFlags, ...datastoreFlags }).map(([name, flag]) => ({ name, ...(flag.char && { char: flag.char }), takesValue: flag.type === 'option' }));
    expect(GLOBAL_OPTIONS).to.have.deep.members(declared);
  });
});
