"""Where the helpers of the end-to-end tests are. Import it before `client`, `contract`, `server`, `load`."""
import pathlib, sys

E2E = pathlib.Path(__file__).resolve().parents[1] / 'e2e'
sys.path.insert(0, str(E2E))
