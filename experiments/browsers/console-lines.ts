/** A line of a console, with the address that it shows beside the text unless that is in the text already. */
export function consoleLine(text: string, url: string | undefined): string {
  return url === undefined || url === "" || text.includes(url) ? text : `${text} (${url})`;
}
