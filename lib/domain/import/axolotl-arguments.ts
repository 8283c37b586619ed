import { byReason } from "./reasons";

/** Keys of Axolotl's YAML (its schemas of 2026-08) that no parameter and no rule takes; read like llama-factory-arguments.ts. */
export const axolotlArguments = byReason({
  noSetting:
    "base_model datasets test_datasets adapter load_in_4bit load_in_8bit lora_target_linear val_set_size sample_packing pad_to_sequence_len " +
    "eval_sample_packing group_by_length bf16 fp16 bfloat16 float16 float32 gradient_checkpointing_kwargs warmup_ratio eval_steps evals_per_epoch " +
    "eval_strategy save_steps saves_per_epoch save_strategy lora_alpha lora_dropout lora_rank_pattern lora_alpha_pattern lora_fan_in_fan_out " +
    "lora_target_parameters peft peft_use_rslora peft_use_dora peft_init_lora_weights lora_modules_to_save torch_dtype peft_layers_to_transform peft_layers_pattern peft_layer_replication peft_trainable_token_indices " +
    "peft_ensure_weight_tying peft_autocast_adapter_dtype loftq_config loraplus_lr_ratio loraplus_lr_embedding unfrozen_parameters " +
    "train_on_inputs shuffle_merged_datasets shuffle_before_merging_datasets save_first_step save_only_model metric_for_best_model " +
    "greater_is_better embedding_lr embedding_lr_scale lr_groups lr_quadratic_warmup cosine_min_lr_ratio cosine_constant_lr_ratio lr_div_factor " +
    "optim_target_modules auto_find_batch_size batch_size loss_watchdog_threshold loss_watchdog_patience gc_steps gc_collect_steps " +
    "torch_empty_cache_steps excess_length_strategy eval_sequence_len min_sample_len max_prompt_len curriculum_sampling max_memory " +
    "gpu_memory_limit selective_checkpointing activation_offloading layer_offloading fp32_norms fp32_norm_classes dynamic_checkpoint " +
    "noisy_embedding_alpha jagged_restart_steps jagged_restart_warmup_steps jagged_restart_anneal_steps dataset_exact_deduplication",
  speed:
    "dataset_processes dataset_num_proc dataset_keep_in_memory dataloader_pin_memory dataloader_num_workers accelerator_config low_cpu_mem_usage " +
    "sample_packing_group_size sample_packing_bin_size sample_packing_sequentially sample_packing_mp_start_method multipack_real_batches " +
    "batch_flattening pad_to_multiple_of sample_packing_eff_est preprocess_iterable pretrain_multipack_buffer_size pretrain_multipack_attn " +
    "xformers_attention sdp_attention flex_attention flex_attn_compile_kwargs flash_attention flash_attn_cross_entropy flash_attn_fuse_mlp " +
    "sage_attention eager_attention gemma4_hybrid_attn_impl large_head_attention flash_attn_d512 sdpa_varlen fused_attn_kernel s2_attention " +
    "experts_implementation lora_mlp_kernel lora_qkv_kernel lora_o_kernel lora_embedding_kernel chunked_cross_entropy " +
    "chunked_cross_entropy_num_chunks tiled_mlp tiled_mlp_num_shards tiled_mlp_use_original_mlp torch_compile_backend torch_compile_mode " +
    "torch_compile_options plugins liger_rope liger_rms_norm liger_glu_activation liger_swiglu liger_layer_norm liger_fused_linear_cross_entropy " +
    "liger_cross_entropy cut_cross_entropy use_kernels flash_attn_rms_norm lora_on_cpu qlora_sharded_model_loading",
  place:
    "output_dir dataset_prepared_path skip_prepare_dataset num_dataset_shards_to_save dataset_shard_num dataset_shard_idx axolotl_config_path",
  always:
    "strict remove_unused_columns save_safetensors include_tokens_per_second include_tkps is_preprocess total_num_tokens total_supervised_tokens " +
    "is_falcon_derived_model is_llama_derived_model is_mistral_derived_model is_qwen_derived_model type_of_model model_type eval_table_size " +
    "fix_untrained_tokens",
  template: "chat_template chat_template_jinja chat_template_kwargs eot_tokens",
  rowsAsTheyCome: "default_system_message",
  tokenizer:
    "tokenizer_config tokenizer_use_fast tokenizer_legacy tokenizer_use_mistral_common tokenizer_type tokenizer_save_jinja_files processor_type " +
    "processor_kwargs processor_config",
  vocabulary:
    "special_tokens tokens added_tokens_overrides resize_token_embeddings_to_32x mean_resizing_embeddings shrink_embeddings embeddings_skip_upcast",
  architecture:
    "base_model_config cls_model_config overrides_of_model_config overrides_of_model_kwargs rope_scaling reinit_weights scaling_softmax " +
    "scaling_softmax_factor scaling_softmax_bias llama4_linearized_experts use_pose pose_split_on_token_ids pose_max_context_len pose_num_chunks",
  adapters: "lora_model_dir merge_lora merge_method relora relora_prune_ratio relora_prune_method relora_cpu_offload",
  quantised:
    "gptq gptq_groupsize gptq_model_v1 gptq_disable_exllama llmcompressor bnb_config_kwargs qat quantization model_quantization_config model_quantization_config_kwargs quantize_moe_experts use_onebitllms",
  optimiser:
    "torchdistx_path flash_optimum adam_epsilon2 adam_beta3 dion_lr dion_momentum dion_rank_fraction dion_rank_multiple_of qgalore_rank " +
    "qgalore_update_proj_gap qgalore_scale qgalore_proj_type qgalore_proj_quant qgalore_proj_bits qgalore_proj_group_size " +
    "qgalore_cos_threshold qgalore_gamma_proj qgalore_queue_size lisa_n_layers lisa_step_interval lisa_layers_attribute",
  stageNotHere: "rl reward_model process_reward_model pretraining_dataset ebft trainer_cls",
  preference:
    "trl center_rewards_coefficient num_labels dpo_use_weighting dpo_label_smoothing precompute_ref_log_probs dpo_use_liger_kernel dpo_padding_free " +
    "dpo_loss_type dpo_loss_weights dpo_beta dpo_norm_loss rpo_alpha orpo_alpha simpo_gamma cpo_alpha kto_desirable_weight kto_undesirable_weight " +
    "rl_beta dpo_use_logits_to_keep dpo_generate_during_eval",
  loss: "use_eaft eaft_alpha eaft_k",
  processes:
    "deepspeed deepcompile fsdp fsdp_config fsdp_version fsdp_final_state_dict_type world_size local_rank ddp ddp_timeout ddp_bucket_cap_mb " +
    "ddp_broadcast_buffers ddp_find_unused_parameters dp_shard_size dp_replicate_size sequence_parallel_degree context_parallel_size heads_k_stride " +
    "ring_attn_func tensor_parallel_size use_ray ray_run_name ray_num_workers resources_per_worker",
  otherEngine: "fp8 fp8_enable_fsdp_float8_all_gather vllm experimental_skip_move_to_device",
  devices: "device device_map",
  tracker:
    "use_wandb wandb_name wandb_run_id wandb_mode wandb_project wandb_entity wandb_watch wandb_log_model use_mlflow mlflow_tracking_uri " +
    "mlflow_experiment_name mlflow_run_name hf_mlflow_log_artifacts use_comet comet_workspace comet_project_name comet_experiment_key comet_mode " +
    "comet_online comet_experiment_config use_tensorboard use_otel_metrics otel_metrics_host otel_metrics_port use_trackio trackio_project_name " +
    "trackio_run_name trackio_space_id use_swanlab swanlab_project swanlab_experiment_name swanlab_description swanlab_mode swanlab_workspace " +
    "swanlab_log_completions swanlab_completion_log_interval swanlab_completion_max_buffer swanlab_log_model",
  printing: "debug",
  secret: "comet_api_key hf_use_auth_token",
  hub: "hub_model_id hub_strategy hub_revision push_dataset_to_hub",
  resume: "resume_from_checkpoint auto_resume_from_checkpoints",
  generation:
    "do_causal_lm_eval eval_causal_lm_metrics do_bench_eval bench_dataset bench_split eval_max_new_tokens generate_samples num_generation_samples " +
    "generation_max_new_tokens generation_temperature generation_top_p generation_top_k generation_prompt_ratio generation_do_sample",
  streaming: "streaming streaming_multipack_buffer_size pretraining_sample_concatenation",
  media: "freeze_mm_modules image_size image_resize_algorithm role_boundaries",
  profiler: "profiler_steps profiler_steps_start",
  inference: "gradio_title gradio_share gradio_server_name gradio_server_port gradio_max_new_tokens gradio_temperature",
  follows: "max_packed_sequence_len revision_of_model",
});
