/** Text as it stands in HTML, also between quotes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] as string);
}

/** What is typed. */
export function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

/** Lines that stay as they are. */
export function block(text: string): string {
  return `<pre><code>${escaped(text)}</code></pre>\n`;
}

/** A sentence in which `what is typed` stands in backticks. */
export function sentence(text: string): string {
  return text.split(/(`[^`]+`)/).map((piece) => (/^`.+`$/s.test(piece) ? code(piece.slice(1, -1)) : escaped(piece))).join('');
}

/** A link of a heading to itself, which shows when it is pointed at. */
export function anchorLink(id: string): string {
  return `<a class="anchor" href="#${encodeURIComponent(id)}" aria-label="link to this section">#</a>`;
}

/** A heading with its anchor. */
export function heading(level: number, id: string, html: string): string {
  return `<h${level} id="${escaped(id)}">${html} ${anchorLink(id)}</h${level}>\n`;
}
