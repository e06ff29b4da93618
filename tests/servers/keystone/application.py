"""A Keystone that writes down what it is asked, as an application for a WSGI server.

It answers at its root, as `/v3`, and below any one name, as `/NAME/v3`: many clouds have it behind such a prefix. A
test that takes a prefix of its own finds its requests among those of all others.
"""

import os
import sys
from wsgiref.util import shift_path_info

# Keystone would take the arguments of the WSGI server for its own.
del sys.argv[1:]

from keystone.server.flask.core import initialize_application  # noqa: E402

keystone = initialize_application(name="public", config_files=[os.environ["KEYSTONE_CONFIGURATION"]])

# A line that is appended in one piece is never mixed with that of another thread or process.
requests = os.open(os.environ["LRO_TEST_KEYSTONE_REQUESTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def application(environ, start_response):
    # Before anything is answered: whoever has the answer finds the line.
    os.write(requests, "{REQUEST_METHOD} {PATH_INFO}\n".format(**environ).encode())
    if environ["PATH_INFO"].split("/")[1] not in ("", "v3"):
        shift_path_info(environ)
    return keystone(environ, start_response)
