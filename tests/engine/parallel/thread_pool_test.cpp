#include "engine/parallel/thread_pool.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <stdexcept>

#include "engine/tensor/check.hpp"
#include "tests/engine/threads.hpp"

namespace kernelgarten::test {
namespace {

using doctest::Contains;

/// How often each of `tasks` tasks ran; fails where a lane was out of range or used twice at once.
std::vector<int> runs_of(ThreadPool& pool, Index tasks) {
  std::vector<int> runs(static_cast<std::size_t>(tasks));
  std::array<std::atomic<int>, kMostThreads> busy{};
  std::atomic<bool> wrong_lane = false;
  pool.run(tasks, [&](Index index, int lane) {
    if (lane < 0 || lane >= pool.threads() || lane >= tasks || ++busy[lane] != 1) wrong_lane = true;
    ++runs[static_cast<std::size_t>(index)];
    --busy[lane];
  });
  CHECK_FALSE(wrong_lane);
  return runs;
}

/// The text of the error that a run ends with.
std::string error_of(ThreadPool& pool, Index tasks, const std::vector<Index>& failing) {
  try {
    pool.run(tasks, [&](Index index, int) {
      for (const Index fails : failing) {
        if (index == fails) throw std::runtime_error(concat("task ", index));
      }
    });
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("thread_pool: every task runs once, whatever their number") {
  for (const int threads : kThreadCounts) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    for (const Index tasks : {0, 1, 2, 3, 7, 8, 9, 100, 1000}) {
      CHECK(runs_of(pool, tasks) == std::vector<int>(static_cast<std::size_t>(tasks), 1));
    }
  }
}

TEST_CASE("thread_pool: results do not depend on who comes first") {
  for (const int threads : kThreadCounts) {
    ThreadPool pool(threads);
    std::array<Index, 50> results{};
    pool.run(50, [&](Index index, int) {
      // Later tasks end sooner.
      std::this_thread::sleep_for(std::chrono::microseconds(50 - index));
      results[static_cast<std::size_t>(index)] = index * index;
    });
    for (Index i = 0; i < 50; ++i) CHECK(results[static_cast<std::size_t>(i)] == i * i);
  }
}

TEST_CASE("thread_pool: used thousands of times, with pauses in which the workers fall asleep") {
  for (const int threads : kThreadCounts) {
    ThreadPool pool(threads);
    std::atomic<Index> sum = 0;
    for (int run = 0; run < 5000; ++run) {
      pool.run(run % 9, [&](Index index, int) { sum += index + 1; });
      if (run % 1000 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    Index expected = 0;
    for (int run = 0; run < 5000; ++run) expected += (run % 9) * (run % 9 + 1) / 2;
    CHECK(sum == expected);
  }
}

TEST_CASE("thread_pool: the error of the lowest index arrives, and all tasks run nevertheless") {
  for (const int threads : kThreadCounts) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    for (int round = 0; round < 100; ++round) {
      REQUIRE(error_of(pool, 20, {17, 5, 11}) == "task 5");
      REQUIRE(error_of(pool, 20, {19}) == "task 19");
      REQUIRE(error_of(pool, 1, {0}) == "task 0");
    }
    std::atomic<int> ended = 0;
    CHECK_THROWS_AS(pool.run(20,
                             [&](Index index, int) {
                               ++ended;
                               if (index % 3 == 0) throw InvalidArgument("every third");
                             }),
                    InvalidArgument);
    CHECK(ended == 20);
    CHECK(runs_of(pool, 20) == std::vector<int>(20, 1));
  }
}

TEST_CASE("thread_pool: a task that runs tasks does them itself, on its lane") {
  for (const int threads : kThreadCounts) {
    ThreadPool pool(threads);
    std::atomic<int> inner = 0;
    std::atomic<bool> left_lane = false;
    pool.run(10, [&](Index, int lane) {
      const auto self = std::this_thread::get_id();
      pool.run(10, [&](Index, int inner_lane) {
        if (inner_lane != lane || std::this_thread::get_id() != self) left_lane = true;
        ++inner;
      });
    });
    CHECK(inner == 100);
    CHECK_FALSE(left_lane);
  }
}

TEST_CASE("thread_pool: one thread, and one task, stay on the caller's thread") {
  const auto self = std::this_thread::get_id();
  ThreadPool one(1), four(4);
  one.run(10, [&](Index, int lane) {
    CHECK(lane == 0);
    CHECK(std::this_thread::get_id() == self);
  });
  four.run(1, [&](Index, int lane) {
    CHECK(lane == 0);
    CHECK(std::this_thread::get_id() == self);
  });
}

TEST_CASE("thread_pool: ends while idle, before its first run and asleep") {
  for (const int threads : kThreadCounts) {
    for (int round = 0; round < 20; ++round) {
      ThreadPool unused(threads), used(threads);
      used.run(3, [](Index, int) {});
      if (round == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
}

TEST_CASE("thread_pool: the number of threads is checked") {
  CHECK_THROWS_WITH_AS(ThreadPool(0), Contains("[threads] expected 1 to 8 threads, got 0"),
                       InvalidArgument);
  CHECK_THROWS_WITH_AS(ThreadPool(9), Contains("got 9"), InvalidArgument);
  CHECK_THROWS_AS(ThreadPool(-1), InvalidArgument);
  CHECK(ThreadPool(1).threads() == 1);
#ifdef __EMSCRIPTEN__
  const int available = ThreadPool(4).threads();
  CHECK((available == 1 || available == 4));
#else
  CHECK(ThreadPool(4).threads() == 4);
#endif
}

}  // namespace kernelgarten::test
