type Fields = Readonly<Record<string, unknown>>;

/** Hours say nothing while the box above them is not ticked: then there are none. */
export const arrangeQuietHours = ({ on, ...fields }: Fields): Fields =>
  on === undefined ? { ...fields, quietHours: null } : fields;
