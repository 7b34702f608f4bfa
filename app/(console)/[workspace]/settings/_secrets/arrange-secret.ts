import { listTexts } from "../../_form/list-texts.ts";
import { readHosts } from "./read-hosts.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The hosts of a secret are one text with a line for each, and its value is in a field that is given back to nobody. */
export function arrangeSecret(fields: Fields): Fields {
  const { "secret.value": secret, hosts, ...others } = fields;
  const values = listTexts(secret);
  return {
    ...others,
    ...(secret !== undefined && { value: values.length > 1 ? values : values[0] }),
    ...(hosts !== undefined && { hosts: readHosts(listTexts(hosts).join("\n")) }),
  };
}
