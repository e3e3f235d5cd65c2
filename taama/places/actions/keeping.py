"""Making the rows of a table be as a file wants them."""


class Comparison:
    """Rows of a model beside those that are wanted; nothing is written before `write`.

    names    field that names a row, or a tuple of fields
    wanted   list of dicts of fields

    `records`: by key, as wanted; of them `created` and `changed`
    """

    def __init__(self, model, names, wanted):
        self.model = model
        self.records, self.created, self.changed = {}, [], []
        several = isinstance(names, tuple)
        fields_of_key = names if several else (names,)
        existing = {tuple(getattr(row, name) for name in fields_of_key): row for row in model.objects.all()}
        for fields in wanted:
            key = tuple(fields[name] for name in fields_of_key)
            self.records[key if several else key[0]] = self._row(existing.get(key), fields)

    def _row(self, row, fields):
        if row is None:
            row = self.model(**fields)
            self.created.append(row)
        elif any(getattr(row, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(row, name, value)
            self.changed.append(row)
        return row

    def write(self):
        self.model.objects.bulk_create(self.created, batch_size=500)
        for row in self.changed:
            row.save()
