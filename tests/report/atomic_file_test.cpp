#include "support/atomic_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "support/catch.hpp"
#include "support/temp_folder.hpp"

namespace fs = std::filesystem;
using ifstop::support::AtomicFile;
using ifstop::support::write_file;

namespace {

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

CATCH_TEST_CASE("a file has its old text until commit, and nothing is left without one") {
  const ifstop_test::TempFolder folder;
  const auto path = folder.write("a", "old");
  {
    AtomicFile file(path);
    file.write("new, never finished");
    CATCH_CHECK(files_in(folder.path()) == 2);
  }
  CATCH_CHECK(folder.read("a") == "old");
  CATCH_CHECK(files_in(folder.path()) == 1);
  AtomicFile one(path), other(path);  // each has a file of its own
  one.write("one");
  other.write("other");
  other.commit();
  one.commit();
  CATCH_CHECK(folder.read("a") == "one");
  CATCH_CHECK(files_in(folder.path()) == 1);
}

CATCH_TEST_CASE("files that bear the names of temporary ones are left alone") {
  const ifstop_test::TempFolder folder;
  const auto mine = folder.write(fmt::format("a.tmp-{}-0", ::getpid()), "mine");
  folder.write("a.tmp", "mine too");
  write_file(folder / "a", "text");
  CATCH_CHECK(folder.read("a") == "text");
  CATCH_CHECK(ifstop_test::read_file(mine) == "mine");
  CATCH_CHECK(folder.read("a.tmp") == "mine too");
}

CATCH_TEST_CASE("symbolic links stay, whether they lead to something or not yet") {
  const ifstop_test::TempFolder folder;
  folder.write("far/there", "old");
  fs::create_symlink("far/there", folder / "link");
  fs::create_symlink("link", folder / "link_to_link");
  fs::create_symlink("far/not_yet", folder / "dangling");
  write_file(folder / "link_to_link", "new");
  write_file(folder / "dangling", "first");
  CATCH_CHECK(fs::read_symlink(folder / "link_to_link") == "link");
  CATCH_CHECK(fs::read_symlink(folder / "link") == "far/there");
  CATCH_CHECK(folder.read("far/there") == "new");
  CATCH_CHECK(fs::is_symlink(folder / "dangling"));
  CATCH_CHECK(folder.read("far/not_yet") == "first");
  fs::create_symlink("loop", folder / "loop");
  CATCH_CHECK_THROWS_AS(write_file(folder / "loop", "x"), std::runtime_error);
}

CATCH_TEST_CASE("a FIFO is written into and stays one") {
  const ifstop_test::TempFolder folder;
  const auto fifo = folder / "fifo";
  CATCH_REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  std::string read;
  std::thread reader([&] { read = ifstop_test::read_file(fifo); });
  write_file(fifo, "through it");
  reader.join();
  CATCH_CHECK(read == "through it");
  CATCH_CHECK(fs::is_fifo(fifo));
}

CATCH_TEST_CASE("a folder, and a place in no folder, are named") {
  const ifstop_test::TempFolder folder;
  CATCH_CHECK_THROWS_WITH(write_file(folder.path(), ""),
                          folder.path().string() + ": is a folder; name a file in it");
  CATCH_CHECK_THROWS_WITH(write_file(folder / "no/file", ""),
                          (folder / "no/file").string() + ": cannot be written: No such file or directory");
}
