"""Posts in an object store and on the web give what the same posts give here; a real server answers."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpus.posts.files import POSTS, as_json_lines, as_table, as_tar, read, write, write_parquet
from weakly.corpus.posts.file_names import expand, kind_of
from weakly.errors import InputError

pytest.importorskip("upath")


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posts")
    write(folder / "p.jsonl", as_json_lines(POSTS))
    write(folder / "p.csv.gz", as_table(POSTS))
    write_parquet(folder / "p.parquet", POSTS)
    write(folder / "p.tar", as_tar([("k.jpg", b"x" * 9), ("k.txt", b"#dog in a tar")]))
    return folder


@pytest.fixture(scope="module")
def bucket(posts: Path) -> Iterator[str]:
    """An S3-compatible server on this machine that holds the posts; gives their prefix."""
    server_module = pytest.importorskip("moto.server")
    boto3 = pytest.importorskip("boto3")
    pytest.importorskip("s3fs")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        client = boto3.client("s3")
        client.create_bucket(Bucket="photos")
        for path in posts.iterdir():
            client.put_object(Bucket="photos", Key=f"some/{path.name}", Body=path.read_bytes())
        yield "s3://photos/some"
    server.stop()


@pytest.mark.parametrize("name", ["p.jsonl", "p.csv.gz", "p.parquet", "p.tar"])
def test_an_object_store_gives_what_the_disk_gives(bucket: str, posts: Path, name: str) -> None:
    here, ledger = read(str(posts / name))
    there, remote_ledger = read(f"{bucket}/{name}")
    for post in there:
        post["image"] = str(post["image"]).replace(bucket, str(posts))
    assert there == here
    assert remote_ledger.files == {f"{bucket}/{name}": (posts / name).stat().st_size}
    assert (remote_ledger.rows_read, remote_ledger.dropped) == (ledger.rows_read, ledger.dropped)


def test_patterns_folders_and_what_is_not_there(bucket: str) -> None:
    assert [str(path) for path in expand([f"{bucket}/p.*s*"])] == [f"{bucket}/p.csv.gz", f"{bucket}/p.jsonl"]
    with pytest.raises(InputError, match=r"some holds posts of several kinds .*'s3://photos/some/\*\."):
        expand([bucket])
    with pytest.raises(InputError, match=r"s3://photos/some/none\.csv does not exist"):
        expand([f"{bucket}/none.csv"])
    with pytest.raises(InputError, match="named twice"):
        expand([f"{bucket}/p.jsonl", f"{bucket}/*.jsonl"])
    with pytest.raises(InputError, match=r"nosuch://there/a\.jsonl"):
        expand(["nosuch://there/a.jsonl"])
    (path,) = expand([f"{bucket}/p.tar"])
    assert kind_of(path) == "tar"


def test_the_web_gives_what_the_disk_gives(posts: Path, tmp_path: Path) -> None:
    pytest.importorskip("aiohttp")
    for path in posts.iterdir():
        shutil.copy(path, tmp_path)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        rows, ledger = read(f"{address}/p.jsonl")
        assert rows == read(str(posts / "p.jsonl"))[0]
        assert ledger.rows_read == 3
        with pytest.raises(InputError, match="none.jsonl"):
            read(f"{address}/none.jsonl")
        server.shutdown()


@pytest.mark.parametrize("trouble", ["credentials", "endpoint"])
@pytest.mark.parametrize("name", ["p.jsonl", "*.jsonl"])
def test_a_store_that_does_not_let_us_in_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trouble: str, name: str
) -> None:
    s3fs = pytest.importorskip("s3fs")
    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        if trouble == "endpoint":
            monkeypatch.setenv(variable, "somebody")
        else:
            monkeypatch.delenv(variable, raising=False)
    words = {
        "credentials": "Unable to locate credentials",
        "endpoint": "Could not connect to the endpoint URL",
    }
    with pytest.raises(
        InputError, match=rf"^s3://photos/.*jsonl cannot be read \({words[trouble]}.*see to the URL"
    ):
        expand([f"s3://photos/{name}"])
    s3fs.S3FileSystem.clear_instance_cache()
