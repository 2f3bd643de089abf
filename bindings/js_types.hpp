#pragma once

// JavaScript values by what they are: registered with their TypeScript type in bindings.cpp.

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <memory>

#include "engine/data/image_dataset.hpp"
#include "engine/parallel/thread_pool.hpp"

namespace kernelgarten::bindings {

using DatasetPointer = std::shared_ptr<ImageDataset>;

EMSCRIPTEN_DECLARE_VAL_TYPE(JsBytes)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsFloats)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsIntegers)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsNetworkSpec)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsTrainingSpec)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsGanTrainingSpec)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsNetworkInfo)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsGanInfo)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsStepMetrics)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsProgress)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsGanStep)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsGanProgress)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsEvaluation)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsTextEvaluation)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsForecastEvaluation)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsTensors)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsInspections)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsTextInspection)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsStatistics)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsSampleScores)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsLayerSchema)
EMSCRIPTEN_DECLARE_VAL_TYPE(JsNames)

/// The threads of the models that are made from now on.
std::shared_ptr<ThreadPool>& module_pool();

}  // namespace kernelgarten::bindings
