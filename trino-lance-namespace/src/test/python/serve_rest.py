#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
#

"""Serves a directory namespace over pylance's REST adapter until its standard input ends.

    python serve_rest.py <root>

The first line of its output is the port.
"""

import sys

from lance.namespace import RestAdapter

adapter = RestAdapter("dir", {"root": sys.argv[1]}, host="127.0.0.1", port=0)
adapter.start()
print(adapter.port, flush=True)
sys.stdin.read()
adapter.stop()
