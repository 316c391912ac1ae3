"""Answers and events against the documents that the server publishes: /openapi.json and /asyncapi.json.

Knows the part of JSON Schema that those two use. Whoever breaks a schema gets an AssertionError that names the place.
"""
import json, os, pathlib, re, sys

# What the HTTP engine may answer on every route; not repeated for each in the document.
FRAMING = {400, 404, 405, 406, 408, 413, 414, 415, 421, 426, 429, 431, 500, 501, 503, 505}
TYPES = {'object': dict, 'array': list, 'string': str, 'boolean': bool, 'null': type(None), 'number': (int, float),
         'integer': int}
SEEN = os.environ.get('QTABLE_SEEN')
FORMATS = {
    'uuid': re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'),
    'date': re.compile(r'\d{4}-\d\d-\d\d'),
    'date-time': re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)'),
    'email': re.compile(r'[^@\s]+@[^@\s]+'),
}


class Contract:
    def __init__(self, openapi, asyncapi):
        self.openapi, self.asyncapi, self.noted = openapi, asyncapi, set()
        self.routes = [(re.compile(re.sub(r'\\\{[^}]*\}', '[^/]+', re.escape(path))), operations)
                       for path, operations in openapi['paths'].items()]

    def operation(self, method, path):
        """The documented operation that the path leads to; what names more of the path goes first."""
        for pattern, operations in sorted(self.routes, key=lambda route: (route[0].pattern.count('[^/]+'),
                                                                          -len(route[0].pattern))):
            if pattern.fullmatch(path) and method.lower() in operations:
                return operations[method.lower()]
        return None

    def check_answer(self, method, path, answer):
        operation = self.operation(method, path)
        if operation is None:
            return
        self.note(operation['operationId'])
        where = f'{method} {path} {answer.status}'
        responses = operation['responses']
        documented = responses.get(str(answer.status))
        if documented is None:
            assert answer.status in FRAMING, f'{where}: not a documented status: {answer.body[:300]!r}'
            return
        documented = self.resolve(documented, self.openapi)
        content = documented.get('content', {})
        kind = (answer.header('Content-Type') or '').split(';')[0]
        if not content:
            assert answer.body == b'', f'{where}: has a body: {answer.body[:300]!r}'
            return
        assert kind in content, f'{where}: Content-Type {kind!r} is not documented'
        if kind.endswith('json'):
            self.check(answer.json, content[kind]['schema'], self.openapi, where)

    def note(self, name):
        """With QTABLE_SEEN=FILE: which script met which operation and event, a line each."""
        line = f'{pathlib.Path(sys.argv[0]).stem} {name}\n'
        if SEEN and line not in self.noted:
            self.noted.add(line)
            with open(SEEN, 'a') as file:
                file.write(line)

    def check_event(self, event):
        message = self.asyncapi['components']['messages'].get(event.get('type'))
        assert message is not None, f'undocumented event {event}'
        self.note(event['type'])
        self.check(event, message['payload'], self.asyncapi, f'event {event["type"]}')

    def resolve(self, schema, document):
        while '$ref' in schema:
            found = document
            for step in schema['$ref'].removeprefix('#/').split('/'):
                found = found[step.replace('~1', '/').replace('~0', '~')]
            schema = found
        return schema

    def check(self, value, schema, document, where):
        schema = self.resolve(schema, document)
        if 'oneOf' in schema:
            self.check_one_of(value, schema['oneOf'], document, where)
        if 'type' in schema:
            names = schema['type'] if isinstance(schema['type'], list) else [schema['type']]
            fits = any(isinstance(value, TYPES[name]) and (name == 'boolean' or not isinstance(value, bool))
                       for name in names)
            assert fits, f'{where}: {value!r} is not {" or ".join(names)}'
        if 'const' in schema:
            assert value == schema['const'], f'{where}: {value!r} is not {schema["const"]!r}'
        if 'enum' in schema:
            assert value in schema['enum'], f'{where}: {value!r} is not one of {schema["enum"]}'
        if isinstance(value, dict):
            self.check_object(value, schema, document, where)
        elif isinstance(value, list) and 'items' in schema:
            for i, each in enumerate(value):
                self.check(each, schema['items'], document, f'{where}/{i}')
        elif isinstance(value, str):
            check_text(value, schema, where)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            assert value >= schema.get('minimum', value), f'{where}: {value} is under the minimum'
            assert value <= schema.get('maximum', value), f'{where}: {value} is over the maximum'

    def check_one_of(self, value, schemas, document, where):
        complaints = []
        for each in schemas:
            try:
                return self.check(value, each, document, where)
            except AssertionError as wrong:
                complaints.append(str(wrong))
        raise AssertionError(f'{where}: fits none of {len(schemas)}: {complaints}')

    def check_object(self, value, schema, document, where):
        known = schema.get('properties', {})
        missing = [name for name in schema.get('required', []) if name not in value]
        assert not missing, f'{where}: without {missing}: {value}'
        if schema.get('additionalProperties') is False:
            extra = [name for name in value if name not in known]
            assert not extra, f'{where}: undocumented {extra}'
        for name, each in value.items():
            if name in known:
                self.check(each, known[name], document, f'{where}/{name}')


def check_text(value, schema, where):
    if 'pattern' in schema:
        assert re.search(schema['pattern'], value), f'{where}: {value!r} does not match {schema["pattern"]}'
    if 'maxLength' in schema:
        assert len(value) <= schema['maxLength'], f'{where}: too long'
    form = FORMATS.get(schema.get('format'))
    if form is not None:
        assert form.fullmatch(value), f'{where}: {value!r} is no {schema["format"]}'


def check_problem(answer):
    """Every error is an RFC 9457 problem of the same shape."""
    seen = f'{answer.status} {answer.body[:400]!r}'
    assert answer.header('Content-Type') == 'application/problem+json', f'{answer.header("Content-Type")}: {seen}'
    problem = answer.json
    for name in ('type', 'title', 'detail', 'code', 'request_id'):
        assert isinstance(problem.get(name), str) and problem[name], f'no {name}: {seen}'
    assert problem['status'] == answer.status, seen
    assert problem['request_id'] == answer.header('X-Request-Id'), f'{answer.header("X-Request-Id")}: {seen}'
    if problem['code'] == 'invalid_input':
        for each in problem['errors']:
            assert set(each) == {'pointer', 'detail'} and each['detail'], seen
    if answer.status == 401:
        assert (answer.header('WWW-Authenticate') or '').startswith('Bearer'), seen
    if answer.status in (429, 503):
        assert int(answer.header('Retry-After')) >= 1, seen
    json.dumps(problem)
    return problem
