type Fields = Readonly<Record<string, unknown>>;

/**
 * Hours say nothing while the box above them is not ticked: then there are none. A form that has shown none has an empty field in the place of those that it
 * replaces, which has no parts.
 */
export const arrangeQuietHours = ({ on, ...fields }: Fields): Fields => ({
  ...fields,
  ...(on === undefined && { quietHours: null }),
  ...(Array.isArray(fields["replaces"]) && { replaces: null }),
});
