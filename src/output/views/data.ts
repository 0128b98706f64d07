/** Data as YAML, or else JSON. */
export async function dataText(value: object, format: string): Promise<string> {
  if (format === 'yaml') {
    const { goYaml } = await import('../../go/yaml.js');
    return goYaml(value);
  }
  const { goJsonIndented } = await import('../../go/indented-json.js');
  return `${goJsonIndented(value)}\n`;
}
