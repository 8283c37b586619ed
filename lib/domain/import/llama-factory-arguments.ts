import { byReason, type ReasonCode } from "./reasons";

/**
 * Every argument of LLaMA-Factory 0.9.6.dev0 (ff6d4d12e, 2026-08-18) by its class of arguments; the trainer's are those of transformers
 * 5.18. The code says why an argument is not taken over. It counts only where no parameter bears the argument's name and no rule of
 * llama-factory-rules.ts knows it, so a parameter that is added to the tables needs no change here.
 */
export const llamaFactoryArguments = {
  model: byReason({
    noSetting:
      "model_name_or_path model_revision flash_attn trust_remote_code disable_gradient_checkpointing use_reentrant_gc enable_liger_kernel " +
      "moe_aux_loss_coef",
    adapters: "adapter_name_or_path adapter_folder",
    place: "cache_dir offload_folder",
    tokenizer: "use_fast_tokenizer split_special_tokens",
    vocabulary: "resize_vocab add_tokens add_special_tokens new_special_tokens_config init_special_tokens",
    architecture: "rope_scaling shift_attn mixture_of_depths upcast_layernorm upcast_lmhead_output train_from_scratch",
    speed: "low_cpu_mem_usage use_v1_kernels",
    otherEngine:
      "use_unsloth use_unsloth_gc use_kt kt_cpu_activation kt_weight_path kt_non_expert_weight_path kt_expert_checkpoint_path " +
      "kt_use_lora_experts kt_lora_expert_num kt_lora_expert_intermediate_size",
    inference:
      "infer_backend use_kv_cache infer_dtype vllm_maxlen vllm_gpu_util vllm_enforce_eager vllm_max_lora_rank vllm_config sglang_maxlen " +
      "sglang_mem_fraction sglang_tp_size sglang_config sglang_lora_backend",
    secret: "hf_hub_token ms_hub_token om_hub_token",
    printing: "print_param_status",
    quantised: "quantization_method quantization_bit quantization_type double_quantization quantization_device_map",
    media:
      "image_max_pixels image_min_pixels image_do_pan_and_scan crop_to_patches video_max_pixels video_min_pixels video_fps video_maxlen " +
      "use_audio_in_video audio_sampling_rate",
    exporting:
      "export_dir export_size export_device export_quantization_bit export_quantization_dataset export_quantization_nsamples " +
      "export_quantization_maxlen export_legacy_format export_hub_model_id",
  }),
  data: byReason({
    noSetting:
      "dataset eval_dataset cutoff_len mix_strategy interleave_probs max_samples val_size train_on_prompt mask_history packing neat_packing",
    template: "template tool_format",
    place: "dataset_dir media_dir overwrite_cache tokenized_path data_shared_file_system",
    streaming: "streaming buffer_size",
    speed: "preprocessing_batch_size preprocessing_num_workers",
    generation: "eval_num_beams",
    always: "ignore_pad_token_for_loss",
    rowsAsTheyCome: "eval_on_each_dataset default_system enable_thinking preserve_thinking",
  }),
  finetuning: byReason({
    noSetting:
      "stage finetuning_type freeze_trainable_layers freeze_trainable_modules freeze_extra_modules additional_target lora_alpha lora_dropout " +
      "lora_rank lora_target loraplus_lr_ratio loraplus_lr_embedding use_rslora use_dora pissa_init pissa_iter pissa_convert pure_bf16 " +
      "compute_accuracy early_stopping_steps disable_shuffling",
    adapters: "create_new_adapter",
    methodNotHere: "module_dropout oft_rank oft_block_size oft_target use_llama_pro",
    preference:
      "pref_beta pref_ftx pref_bco_weight pref_loss dpo_label_smoothing kto_chosen_weight kto_rejected_weight simpo_gamma ref_model " +
      "ref_model_adapters ref_model_quantization_bit ld_alpha",
    ppo:
      "ppo_buffer_size ppo_epochs ppo_score_norm ppo_target ppo_whiten_rewards reward_model reward_model_adapters " +
      "reward_model_quantization_bit reward_model_type",
    optimiser:
      "use_galore galore_target galore_rank galore_update_interval galore_scale galore_proj_type galore_layerwise use_apollo apollo_target " +
      "apollo_rank apollo_update_interval apollo_scale apollo_proj apollo_proj_type apollo_scale_type apollo_layerwise apollo_scale_front " +
      "use_badam badam_mode badam_start_block badam_switch_mode badam_switch_interval badam_update_ratio badam_mask_mode badam_verbose " +
      "use_adam_mini use_muon",
    tracker: "use_swanlab swanlab_project swanlab_workspace swanlab_run_name swanlab_mode swanlab_logdir swanlab_lark_webhook_url",
    secret: "swanlab_api_key swanlab_lark_secret",
    otherEngine: "use_mca use_megatron_bridge use_hyper_parallel hyper_parallel_args hyper_parallel_cp_size",
    loss: "use_dft_loss use_asft_loss asft_alpha use_eaft_loss eaft_alpha",
    media: "freeze_vision_tower freeze_multi_modal_projector freeze_language_model",
    always: "plot_loss include_effective_tokens_per_second",
  }),
  generation: byReason({
    inference:
      "do_sample temperature top_p top_k num_beams max_length max_new_tokens repetition_penalty length_penalty skip_special_tokens",
  }),
  training: byReason({
    noSetting:
      "per_device_train_batch_size num_train_epochs max_steps learning_rate lr_scheduler_type lr_scheduler_kwargs warmup_steps optim optim_args " +
      "weight_decay adam_beta1 adam_beta2 adam_epsilon optim_target_modules gradient_accumulation_steps max_grad_norm label_smoothing_factor " +
      "bf16 fp16 tf32 gradient_checkpointing gradient_checkpointing_kwargs torch_compile torch_compile_backend torch_compile_mode " +
      "use_liger_kernel liger_kernel_config neftune_noise_alpha torch_empty_cache_steps auto_find_batch_size logging_strategy logging_steps " +
      "logging_first_step run_name eval_strategy eval_steps eval_delay per_device_eval_batch_size eval_on_start eval_accumulation_steps " +
      "save_strategy save_steps save_total_limit save_only_model load_best_model_at_end metric_for_best_model greater_is_better " +
      "full_determinism seed data_seed dataloader_drop_last dataloader_prefetch_factor dataloader_persistent_workers use_cpu " +
      "train_sampling_strategy length_column_name",
    always:
      "do_train do_eval include_num_input_tokens_seen average_tokens_across_devices use_cache logging_nan_inf_filter remove_unused_columns",
    place: "output_dir overwrite_output_dir save_on_each_node",
    speed:
      "dataloader_num_workers dataloader_pin_memory dataloader_multiprocessing_context dataloader_in_order accelerator_config " +
      "eval_do_concat_batches eval_use_gather_object skip_memory_metrics",
    printing: "log_on_each_node log_level log_level_replica disable_tqdm debug",
    ownCharts: "prediction_loss_only include_for_metrics batch_eval_metrics",
    tracker: "report_to project trackio_space_id trackio_bucket_id trackio_static_space_id",
    hub: "push_to_hub hub_private_repo hub_model_id hub_strategy hub_always_push hub_revision",
    secret: "hub_token",
    resume: "resume_from_checkpoint ignore_data_skip restore_callback_states_from_checkpoint enable_jit_checkpoint",
    generation: "do_predict sortish_sampler predict_with_generate generation_max_length generation_num_beams generation_config label_names",
    processes:
      "parallelism_config ddp_find_unused_parameters ddp_bucket_cap_mb ddp_broadcast_buffers ddp_static_graph ddp_backend ddp_timeout fsdp " +
      "fsdp_config local_rank ray_num_workers ray_init_kwargs master_addr master_port",
    otherFile: "deepspeed",
    profiler:
      "enable_torch_profiler profiler_output_dir profiler_wait_steps profiler_warmup_steps profiler_active_steps profiler_repeat " +
      "profiler_record_shapes profiler_profile_memory profiler_with_stack profile_modules",
    otherEngine: "fp8 fp8_backend fp8_enable_fsdp_float8_all_gather",
    unusedHere: "bf16_full_eval fp16_full_eval",
  }),
} as const satisfies Record<string, Record<string, ReasonCode>>;
export type ArgumentGroup = keyof typeof llamaFactoryArguments;

/** Names of older releases that articles still use, and what they are called now. */
export const formerNames: Readonly<Record<string, string>> = {
  evaluation_strategy: "eval_strategy",
  dpo_beta: "pref_beta",
  dpo_loss: "pref_loss",
  dpo_ftx: "pref_ftx",
  orpo_beta: "pref_beta",
  checkpoint_dir: "adapter_name_or_path",
  name_module_trainable: "freeze_trainable_modules",
  num_layer_trainable: "freeze_trainable_layers",
  num_train_samples: "max_samples",
  dev_ratio: "val_size",
  preprocessing_workers: "preprocessing_num_workers",
  no_cuda: "use_cpu",
  per_gpu_train_batch_size: "per_device_train_batch_size",
  quantization_type_4bit: "quantization_type",
};

/** Outside its classes of arguments: of transformers before 5, of the engines it hands its file to, or of older scripts. */
export const furtherArguments: Readonly<Record<string, ReasonCode>> = byReason({
  noSetting: "warmup_ratio group_by_length",
  place: "logging_dir cache_path",
  always: "save_safetensors upcast_norm",
  template: "cutoff_side",
  tracker: "wandb_project",
  unusedHere: "half_precision_backend fp16_opt_level fp16_backend jit_mode_eval use_ipex reserved_label_len",
  secret: "push_to_hub_token",
  profiler: "include_tokens_per_second",
  processes: "fsdp_transformer_layer_cls_to_wrap tp_size",
  otherEngine:
    "kt_config tensor_model_parallel_size pipeline_model_parallel_size expert_model_parallel_size context_parallel_size " +
    "virtual_pipeline_model_parallel_size sequence_parallel recompute_granularity recompute_method recompute_num_layers " +
    "account_for_embedding_in_pipeline_split account_for_loss_in_pipeline_split bias_activation_fusion apply_rope_fusion " +
    "masked_softmax_fusion cross_entropy_loss_fusion moe_grouped_gemm moe_token_dispatcher_type calculate_per_token_loss " +
    "use_distributed_optimizer overlap_param_gather overlap_grad_reduce use_packed_sequences mixed_precision " +
    "megatron_pretrained_checkpoint export_hf_on_finish extra_config",
});
