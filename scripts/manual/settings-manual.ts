import { KEY_HELP } from '../../src/config/keys.help.js';
import { KUBERNETES_KEYS, SETTING_KEYS, VARIABLES } from '../../src/config/keys.js';
import { DEFAULT_CONFIG_FILE, DEFAULT_ENDPOINT } from '../../src/config/settings.js';
import { lines, prose, rows, seeAlso, type ManualPage } from './manual-page.js';

/** calicoctl.cfg(5): every key of a configuration file, from the declarations. */
export function settingsManual(): ManualPage {
  const variable = (key: keyof typeof VARIABLES): string => (VARIABLES[key] === undefined ? '' : ` Variable: \`${VARIABLES[key]}\`.`);
  const told = Object.keys(KEY_HELP) as (keyof typeof KEY_HELP)[];
  return {
    name: 'calicoctl.cfg',
    section: 5,
    summary: 'How calicoctl reaches etcd.',
    synopsis: [],
    sections: [
      {
        title: 'DESCRIPTION',
        parts: [prose(
          `\`${DEFAULT_CONFIG_FILE}\`, or the file that \`--config\` names, says how etcd is reached. It is YAML or JSON: the two keys \`apiVersion\` and \`kind\`, and the settings under \`spec\`.`,
          'With apiVersion v1 and kind calicoApiConfig, commands speak the classic dialect; with apiVersion projectcalico.org/v3 and kind CalicoAPIConfig, the dialect v3.',
          'Keys are found in any letter case. An unknown key, or one that is given twice, is an error that names the line. What is left empty counts as not there.',
          `The first of these counts, alone: \`--context\` or \`--config\`; \`CALICOCTL_CONTEXT\`; the environment, where \`ETCD_ENDPOINTS\`, \`ETCD_AUTHORITY\` or \`ETCD_DISCOVERY_SRV\` says where etcd is (where \`${DEFAULT_CONFIG_FILE}\` exists, that stands in its place); the context in use; \`${DEFAULT_CONFIG_FILE}\`; \`${DEFAULT_ENDPOINT}\`. \`calicoctl context show\` says which it is.`,
        )],
      },
      { title: 'KEYS', parts: [rows(told.map((key) => ({ term: `${key} ${KEY_HELP[key].value}`, text: `${KEY_HELP[key].text}${variable(key)}` })))] },
      { title: 'KEYS OF KUBERNETES', parts: [prose(`Files of other tools may have these. They are ignored, since only etcd is reached: ${KUBERNETES_KEYS.map((key) => `\`${key}\``).join(', ')}.`)] },
      {
        title: 'ENVIRONMENT',
        parts: [prose(`Without a file, variables say the same: ${SETTING_KEYS.flatMap((key) => VARIABLES[key] ?? []).map((name) => `\`${name}\``).join(', ')}. Each may have the prefix \`CALICO_\`, which goes before its twin without it.`)],
      },
      {
        title: 'EXAMPLES',
        parts: [
          lines('apiVersion: v1', 'kind: calicoApiConfig', 'spec:', '  etcdEndpoints: https://10.0.0.1:2379,https://10.0.0.2:2379', '  etcdCACertFile: /etc/calico/ca.pem', '  etcdCertFile: /etc/calico/client.pem', '  etcdKeyFile: /etc/calico/client-key.pem'),
          prose('`calicoctl datastore check` says whether it works.'),
        ],
      },
      { title: 'FILES', parts: [rows([{ term: DEFAULT_CONFIG_FILE, text: 'Read where nothing else says how etcd is reached.' }, { term: '~/.config/calicoctl/contexts.yaml', text: 'Contexts: the same keys, by the name of a cluster; see calicoctl-context-add(1).' }])] },
      seeAlso(['calicoctl(1)', 'calicoctl(7)', 'calicoctl-context-show(1)', 'calicoctl-datastore-check(1)']),
    ],
  };
}
