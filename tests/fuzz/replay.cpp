// Runs inputs that are kept through a target, without libFuzzer: fuzz_replay_TARGET FILE|FOLDER...
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::string present_name;

// An invariant that doesn't hold aborts: say which input it was.
extern "C" void name_input(int) {
    std::fprintf(stderr, "with the input %s\n", present_name.c_str());
}

std::vector<std::filesystem::path> inputs_of(int count, char** names) {
    std::vector<std::filesystem::path> inputs;
    for (int i = 1; i < count; ++i) {
        if (!std::filesystem::is_directory(names[i])) {
            inputs.emplace_back(names[i]);
            continue;
        }
        for (const auto& each : std::filesystem::directory_iterator(names[i])) inputs.push_back(each.path());
    }
    std::sort(inputs.begin(), inputs.end());
    return inputs;
}

}  // namespace

int main(int count, char** names) {
    std::signal(SIGABRT, name_input);
    const auto inputs = inputs_of(count, names);
    for (const auto& each : inputs) {
        present_name = each.string();
        std::ifstream file(each, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        if (!file) {
            std::fprintf(stderr, "%s can't be read\n", present_name.c_str());
            return 1;
        }
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
    std::printf("%zu inputs\n", inputs.size());
    return inputs.empty() ? 1 : 0;
}
